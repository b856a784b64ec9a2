"""How the SPL is written, and what it leaves out."""

import re

import pytest

from tests.structure.app_files import (
    QUOTED,
    VIEWS,
    all_spl,
    bare,
    commands,
    conf,
    definition_of,
    macros,
    rules,
    searches,
    with_called_macros,
)

NOT_IN_A_RULE = [
    pytest.param("join", id="join-cuts-at-50000-rows"),
    pytest.param("transaction", id="transaction-runs-on-the-search-head"),
    pytest.param("map", id="map-runs-a-search-a-row"),
    pytest.param("append", id="append-is-a-subsearch"),
    pytest.param("collect", id="collect-writes"),
    pytest.param("outputlookup", id="outputlookup-writes"),
    pytest.param("outputcsv", id="outputcsv-writes"),
    pytest.param("sendalert", id="sendalert-acts"),
    pytest.param("sendemail", id="sendemail-acts"),
    pytest.param("delete", id="delete"),
]
EACH_RULE = pytest.mark.parametrize("rule", rules())
KEYWORD = re.compile(r"\b(?:and|or|not|as|by|output|outputnew|in(?=\s+\())\b", re.IGNORECASE)
LITERAL_NUMBER = re.compile(r"(?<![\w.])(?![01]\b(?!\.))\d+(?:\.\d+)?")
LITERAL_SCOPE = re.compile(r"\b(index|sourcetype|source|host|eventtype|tag)\s*(=|!=|\s+IN\b)")
ADDRESS = re.compile(r"\b\d{1,3}(\.\d{1,3}){3}\b")


def by_place(pieces):
    return [pytest.param(piece.text, id=piece.where) for piece in pieces]


@EACH_RULE
@pytest.mark.parametrize("command", NOT_IN_A_RULE)
def test_rule_does_without(rule, command):
    reached = [name for text in with_called_macros(spl_of(rule)) for name in started(text)]
    assert command not in reached


def spl_of(rule):
    return rules()[rule]["search"]


def started(text):
    """Every command of a piece of SPL, the first too, which has no pipe before it in a macro."""
    return commands("| " + text.lstrip(" |"))


@EACH_RULE
def test_rule_has_no_subsearch(rule):
    assert [text for text in with_called_macros(spl_of(rule)) if "[" in bare(text)] == []


def chained():
    """Every search of a view that goes on from another, and every one that is gone on from."""
    for view in VIEWS:
        sources = definition_of(view)["dataSources"]
        ends = {name: source["options"].get("extend") for name, source in sources.items()}
        for name in sources:
            if ends[name] or name in ends.values():
                text = sources[name]["options"]["query"]
                yield pytest.param(text, id=f"{view.stem}.{name}")


@pytest.mark.parametrize("text", chained())
def test_chained_search_makes_a_table(text):
    # Splunk refuses a post-process search that leaves events, and cuts the events of its base.
    pieces = [re.sub(r"\[[^]]*\]", "", bare(piece)) for piece in with_called_macros(text)]
    reached = {name for piece in pieces for name in started(piece)}
    assert reached & {"stats", "table", "xyseries"}


@pytest.mark.parametrize("text", by_place(searches()))
def test_search_has_no_literal_number(text):
    assert LITERAL_NUMBER.findall(bare(text)) == []


@pytest.mark.parametrize("text", by_place(searches()))
def test_search_has_no_literal_scope(text):
    assert LITERAL_SCOPE.findall(bare(text)) == []


@pytest.mark.parametrize("text", by_place(searches()))
def test_search_has_no_literal_address(text):
    assert ADDRESS.findall(text) == []


@pytest.mark.parametrize("text", by_place(searches()))
def test_one_pipe_a_line_at_column_0(text):
    lines = QUOTED.sub('""', text).splitlines()
    astray = [line for line in lines if "|" in line and not re.fullmatch(r"\| [^|]*", line)]
    assert astray == []


@pytest.mark.parametrize("text", by_place(searches()))
def test_arguments_are_indented_by_four(text):
    lines = text.splitlines()[1:]
    indents = [len(line) - len(line.lstrip(" ")) for line in lines]
    assert [line for line, indent in zip(lines, indents) if indent % 4] == []
    assert [line for line, indent in zip(lines, indents) if not indent and line[0] != "|"] == []


@pytest.mark.parametrize("text", by_place(searches() + macros()))
def test_keywords_are_in_upper_case(text):
    found = KEYWORD.findall(bare(text))
    assert [word for word in found if word != word.upper()] == []


@pytest.mark.parametrize("text", by_place(searches() + macros()))
def test_commands_are_in_lower_case(text):
    assert re.findall(r"\|\s*([A-Z]\w*)", QUOTED.sub('""', text)) == []


@pytest.mark.parametrize("text", by_place(all_spl()))
def test_sort_sign_stands_at_its_field(text):
    # Apart from it, the sign would hold for the fields after it as well.
    assert re.findall(r"\bsort\b[^|]*[-+]\s", bare(text)) == []


@pytest.mark.parametrize("text", by_place(all_spl()))
def test_no_escape_that_may_mean_a_control_character(text):
    # Splunk's documentation leaves open whether \b in a string is an edge of a word or a backspace.
    assert re.findall(r"(?<!\\)(?:\\\\)*\\[abefv]", text) == []


def test_amounts_of_bytes_are_written_by_one_macro():
    scaled = [piece.where for piece in all_spl() if re.search(r"/\s*(?:1000|1024)", piece.text)]
    assert scaled == ["t1029_megabytes(1)"]


@pytest.mark.parametrize("text", by_place(all_spl()))
def test_quotes_and_brackets_are_closed(text):
    rest = QUOTED.sub("", text)
    opened = {pair: rest.count(pair[0]) - rest.count(pair[1]) for pair in ("()", "[]", "{}")}
    assert opened == {"()": 0, "[]": 0, "{}": 0}
    assert rest.count('"') == 0
    assert rest.count("`") % 2 == 0


@pytest.mark.parametrize("name", conf("macros"))
def test_macro_is_named_after_the_app(name):
    assert re.fullmatch(r"t1029_[a-z0-9_]+(\(\d+\))?", name)


@pytest.mark.parametrize("name", conf("savedsearches"))
def test_search_is_named_after_the_technique(name):
    assert name.startswith("T1029 - ")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("where hours >= 3", ["3"], id="threshold"),
        pytest.param("where bytes > 100000000", ["100000000"], id="bytes"),
        pytest.param("where share > 0.5", ["0.5"], id="fraction"),
        pytest.param("where share > 1.5", ["1.5"], id="fraction-after-one"),
        pytest.param("where n > 10", ["10"], id="begins-with-one"),
        pytest.param("sort 0 - count", [], id="zero-is-no-threshold"),
        pytest.param("eval n=n - 1", [], id="one-is-no-threshold"),
        pytest.param("eval hour=`t1029_bin(3600)`", [], id="macro-argument"),
        pytest.param('eval t=strftime(t, "%3N")', [], id="format"),
        pytest.param("stats p95(bytes) BY src_2", [], id="part-of-a-name"),
    ],
)
def test_literal_numbers_are_told_from_others(text, found):
    assert LITERAL_NUMBER.findall(bare(text)) == found


@pytest.mark.parametrize(
    ("text", "is_scope"),
    [
        pytest.param("search index=main", True, id="index"),
        pytest.param('search sourcetype IN ("a")', True, id="sourcetype-in"),
        pytest.param('where source != "a"', True, id="source-unequal"),
        pytest.param("stats count BY src, sourcetype", False, id="by-field"),
        pytest.param("stats values(host) AS host", False, id="values-of-host"),
    ],
)
def test_literal_scopes_are_told_from_fields(text, is_scope):
    assert bool(LITERAL_SCOPE.search(bare(text))) is is_scope
