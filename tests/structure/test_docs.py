"""The documents name what exists, and give the defaults that are shipped."""

import re

import pytest

from tests.structure.app_files import ROOT, conf, rules

DOCS = sorted((ROOT / "docs").glob("*.md"))
WRITTEN = "\n".join(path.read_text(encoding="utf-8") for path in DOCS)
ANALYTICS = (ROOT / "docs/analytics.md").read_text(encoding="utf-8")
ATTACK = (ROOT / "docs/attack.md").read_text(encoding="utf-8")
TESTS = {path.relative_to(ROOT / "tests").as_posix() for path in (ROOT / "tests").rglob("*.*")}
TESTS |= {
    path.relative_to(ROOT / "detections").as_posix() for path in ROOT.glob("detections/*/*.*")
}
TEST_NAMES = {name.rpartition("/")[2] for name in TESTS}
MACROS = {re.sub(r"\(\d+\)$", "", name) for name in conf("macros")}
KNOWN = MACROS | set(conf("transforms")) | set(conf("collections"))
NUMBER = re.compile(r"\d+(\.\d+)?")


def plain(rule):
    return re.fullmatch(r"T1029 - (.+) - Rule", rule).group(1)


def rows(text):
    """The cells of every table row of a document; a pipe in code is written \\|."""
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]


def tunables():
    """(macro, the default that the document gives) of the rows that are about one macro."""
    for cells in rows(WRITTEN):
        name = cells[0].strip("`")
        if len(cells) == 3 and name in conf("macros"):
            yield pytest.param(name, cells[1].strip("` "), id=name)


@pytest.mark.parametrize("path", [*DOCS, ROOT / "README.md"], ids=lambda path: path.name)
def test_macros_and_lists_that_are_named_exist(path):
    named = re.findall(r"`(t1029_\w+)\b(?!\*)", path.read_text(encoding="utf-8"))
    assert sorted({name for name in named if name not in KNOWN and not name.endswith("_")}) == []


@pytest.mark.parametrize(("name", "default"), tunables())
def test_default_that_is_documented_is_shipped(name, default):
    shipped = conf("macros")[name]["definition"].strip("`")
    assert default == shipped or not (NUMBER.fullmatch(shipped) or NUMBER.fullmatch(default))


def test_every_rule_that_is_described_exists():
    assert [
        name for name in re.findall(r"^## (T1029 .+)", ANALYTICS, re.M) if name not in rules()
    ] == []


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`([\w/]+\.(?:sql|py))`", ATTACK))))
def test_test_that_is_named_exists(name):
    assert name.removeprefix("tests/") in TESTS | TEST_NAMES


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`(tests/\w+)/?`", ATTACK))))
def test_folder_of_tests_that_is_named_exists(name):
    assert (ROOT / name).is_dir()


BESIDE_A_QUERY = [
    pytest.param(cells[-2], id=cells[0]) for cells in rows(ATTACK) if ".sql`" in cells[-1]
]


@pytest.mark.parametrize("said", BESIDE_A_QUERY)
def test_a_rule_stands_beside_a_query(said):
    assert [rule for rule in rules() if plain(rule) in said]
