"""The documents name what exists."""

import re

import pytest

from replay.cli import parser
from tests.structure.app_files import ROOT, VIEWS, conf, rules

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


GONE = {"T1029 - Hourly Traffic - Summary"}  # of 1.0.0: docs/upgrade.md says what is in its place
TEXTS = {
    path: path.read_text(encoding="utf-8")
    for path in [*DOCS, *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md"))]
}
EACH_TEXT = pytest.mark.parametrize(
    "text", [pytest.param(TEXTS[one], id=one.name) for one in TEXTS]
)


@EACH_TEXT
def test_searches_that_are_named_exist(text):
    named = set(re.findall(r"`(T1029 - [^`*\n]+)`", text))
    assert named - set(conf("savedsearches")) - GONE == set()


@EACH_TEXT
def test_views_that_are_linked_exist(text):
    named = set(re.findall(r"/app/scheduled_transfer/(\w+)", text))
    assert named - {path.stem for path in VIEWS} == set()


@EACH_TEXT
def test_modules_that_are_run_exist(text):
    named = set(re.findall(r"python -m ((?:bench|compose|office|replay|tests)[\w.]*\w)", text))
    places = {one: ROOT / one.replace(".", "/") for one in named}
    assert [
        one
        for one, place in places.items()
        if not (place / "__main__.py").exists() and not place.with_suffix(".py").exists()
    ] == []


@EACH_TEXT
def test_options_of_replay_that_are_named_exist(text):
    lines = re.findall(r"python -m replay((?:.*\\\n)*.*)", text)
    named = {option for line in lines for option in re.findall(r"(?<=\s)--[a-z][a-z-]*", line)}
    assert named - set(parser()._option_string_actions) == set()


@EACH_TEXT
def test_targets_that_are_made_exist(text):
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = set(re.findall(r"^    make ([a-z-]+)|`(?:\w+=\S+ )*make ([a-z-]+)", text, re.M))
    made = {one or other for one, other in named}
    assert [target for target in sorted(made) if f"\n{target}:" not in makefile] == []


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`([\w/]+\.(?:sql|py))`", ATTACK))))
def test_test_that_is_named_exists(name):
    assert name.removeprefix("tests/") in TESTS | TEST_NAMES


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`(tests/\w+)/?`", ATTACK))))
def test_folder_of_tests_that_is_named_exists(name):
    assert (ROOT / name).is_dir()


DEPLOY = (ROOT / "docs/deploy.md").read_text(encoding="utf-8")
SNIPPETS = re.findall(r"^    \[(T1029 - .+ - Rule)\]\n((?:    action\..+\n)+)", DEPLOY, re.M)


def test_each_kind_of_finding_has_a_snippet():
    assert {"action.notable", "action.risk"} <= set(re.findall(r"action\.\w+", str(SNIPPETS)))


@pytest.mark.parametrize(("rule", "snippet"), SNIPPETS)
def test_enterprise_security_snippet_only_switches_on(rule, snippet):
    keys = dict(re.findall(r"(action\.[\w.]+) = (.+)", snippet))
    assert set(keys.values()) == {"1"}
    assert {rules()[rule][key] for key in keys} == {"0"}


FINDINGS, INTERMEDIATE = (
    re.search(rf"^\| {kind} \| ([^|]+) \|", DEPLOY, re.M).group(1).split(", ")
    for kind in ("Finding", "Intermediate finding")
)


@pytest.mark.parametrize("rule", rules())
def test_page_names_the_kind_that_a_rule_is_in_enterprise_security(rule):
    """A short name stands in the title: Changing Destinations in One Schedule to them."""
    named = FINDINGS if "action.notable" in rules()[rule] else INTERMEDIATE
    others = FINDINGS if named is INTERMEDIATE else INTERMEDIATE
    assert [name for name in named if name in rule] != []
    assert [name for name in others if name in rule] == []


RECEIVED = (ROOT / "docs/what-you-receive.md").read_text(encoding="utf-8")
OF_SECURITY = re.compile(r"action\.(?:correlationsearch|risk|notable)(?:[\w.]*\w)?")


def test_page_says_of_each_key_of_enterprise_security_where_it_was_read():
    shipped = {key for keys in rules().values() for key in keys if OF_SECURITY.match(key)}
    assert set(OF_SECURITY.findall(RECEIVED)) == shipped
