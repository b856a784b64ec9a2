"""The documents name what exists."""

import re

import pytest

from tests.structure.app_files import ROOT, conf, rules

DOCS = sorted((ROOT / "docs").glob("*.md"))
ATTACK = (ROOT / "docs/attack.md").read_text(encoding="utf-8")
TESTS = {path.relative_to(ROOT / "tests").as_posix() for path in (ROOT / "tests").rglob("*.*")}
TESTS |= {
    path.relative_to(ROOT / "detections").as_posix() for path in ROOT.glob("detections/*/*.*")
}
TEST_NAMES = {name.rpartition("/")[2] for name in TESTS}
MACROS = {re.sub(r"\(\d+\)$", "", name) for name in conf("macros")}
ROLES = {name[len("role_") :] for name in conf("authorize")}
KNOWN = MACROS | ROLES | set(conf("transforms")) | set(conf("collections"))


def plain(rule):
    return re.fullmatch(r"T1029 - (.+) - Rule", rule).group(1)


def rows(text):
    """The cells of every table row of a document; a pipe in code is written \\|."""
    prose = re.sub(r"^```.*?^```$", "", text, flags=re.M | re.S)
    lines = [line for line in prose.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]


@pytest.mark.parametrize("path", [*DOCS, ROOT / "README.md"], ids=lambda path: path.name)
def test_macros_and_lists_that_are_named_exist(path):
    named = re.findall(r"`(t1029_\w+)\b(?!\*)", path.read_text(encoding="utf-8"))
    assert sorted({name for name in named if name not in KNOWN and not name.endswith("_")}) == []


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`([\w/]+\.(?:sql|py))`", ATTACK))))
def test_test_that_is_named_exists(name):
    assert name.removeprefix("tests/") in TESTS | TEST_NAMES


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`(tests/\w+)/?`", ATTACK))))
def test_folder_of_tests_that_is_named_exists(name):
    assert (ROOT / name).is_dir()


DEPLOY = (ROOT / "docs/deploy.md").read_text(encoding="utf-8")
ES_KEYS = sorted(set(re.findall(r"\baction\.(?:correlationsearch|risk|notable)[\w.]*\w", DEPLOY)))


@pytest.mark.parametrize("key", ES_KEYS)
@pytest.mark.parametrize("rule", rules())
def test_enterprise_security_key_is_shipped(rule, key):
    assert key in rules()[rule]


@pytest.mark.parametrize("rule", rules())
def test_enterprise_security_snippet_only_switches_on(rule):
    snippet = dict(re.findall(r"^    (action\.[\w.]+) = (.+)$", DEPLOY, re.M))
    assert set(snippet.values()) == {"1"}
    assert {rules()[rule][key] for key in snippet} == {"0"}
