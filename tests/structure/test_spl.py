"""How the SPL is written, and what it leaves out."""

import csv
import fnmatch
import re
from functools import partial

import pytest

from tests.structure.app_files import (
    QUOTED,
    ROOT,
    VIEWS,
    all_spl,
    bare,
    commands,
    conf,
    definition_of,
    macros,
    places,
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


@EACH_RULE
@pytest.mark.parametrize("command", NOT_IN_A_RULE)
def test_rule_does_without(rule, command):
    reached = [name for text in with_called_macros(spl_of(rule)) for name in started(text)]
    assert command not in reached


# Beyond a limit these lose fields or rows: they are for rows that do not grow with traffic.
LIMITED = pytest.mark.parametrize("command", ["eventstats", "mvexpand"])
FINDINGS_ONLY = "T1029 - Several Signals for One Sender - Rule"
RECEIPTS = {"t1029_rollup_state"}


@LIMITED
@pytest.mark.parametrize("rule", [rule for rule in rules() if rule != FINDINGS_ONLY])
def test_a_rule_on_traffic_does_without_limited_commands(rule, command):
    receipts = {conf("macros")[name]["definition"] for name in RECEIPTS}
    texts = [text for text in with_called_macros(spl_of(rule)) if text not in receipts]
    assert [text for text in texts if command in started(text)] == []


def spl_of(rule):
    return rules()[rule]["search"]


def started(text):
    """Every command of a piece of SPL, the first too, which has no pipe before it in a macro."""
    return commands("| " + text.lstrip(" |"))


@EACH_RULE
def test_rule_has_no_subsearch_but_for_receipts(rule):
    # Those of t1029_flow_events read the receipts of the rollup: a row for each hour of the past.
    receipts = conf("macros")["t1029_flow_events"]["definition"]
    texts = [text for text in with_called_macros(spl_of(rule)) if text != receipts]
    assert [text for text in texts if "[" in bare(text)] == []


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


def test_no_search_has_a_literal_number():
    assert places(searches(), lambda text: LITERAL_NUMBER.search(bare(text))) == []


def test_no_search_has_a_literal_scope():
    assert places(searches(), lambda text: LITERAL_SCOPE.search(bare(text))) == []


def test_no_search_has_a_literal_address():
    assert places(searches(), ADDRESS.search) == []


def is_astray(line):
    """True for a line with a pipe that is not the one at its beginning."""
    return "|" in line and not re.fullmatch(r"\| [^|]*", line)


def test_one_pipe_a_line_at_column_0():
    def wrong(text):
        return any(is_astray(line) for line in QUOTED.sub('""', text).splitlines())

    assert places(searches(), wrong) == []


def is_indented_wrongly(line):
    """True for a line after the first whose indent is no multiple of four, or lacks."""
    indent = len(line) - len(line.lstrip(" "))
    return bool(indent % 4) or (not indent and line[0] != "|")


def test_arguments_are_indented_by_four():
    wrong = partial(any_line, is_indented_wrongly)
    assert places(searches(), wrong) == []


def any_line(is_wrong, text):
    return any(is_wrong(line) for line in text.splitlines()[1:])


def test_keywords_are_in_upper_case():
    def wrong(text):
        return [word for word in KEYWORD.findall(bare(text)) if word != word.upper()]

    assert places(searches() + macros(), wrong) == []


def test_commands_are_in_lower_case():
    upper = re.compile(r"\|\s*([A-Z]\w*)")
    assert places(searches() + macros(), lambda text: upper.search(QUOTED.sub('""', text))) == []


def test_sort_sign_stands_at_its_field():
    # Apart from it, the sign would hold for the fields after it as well.
    apart = re.compile(r"\bsort\b[^|]*[-+]\s")
    assert places(all_spl(), lambda text: apart.search(bare(text))) == []


def test_no_escape_that_may_mean_a_control_character():
    # Splunk's documentation leaves open whether \b in a string is an edge of a word or a backspace.
    assert places(all_spl(), re.compile(r"(?<!\\)(?:\\\\)*\\[abefv]").search) == []


def test_amounts_of_bytes_are_written_by_one_macro_in_words_and_by_one_as_a_number():
    written = places(all_spl(), re.compile(r"/\s*(?:1000|1024)").search)
    assert written == ["t1029_amount(1)", "t1029_megabytes(1)"]


def is_left_open(text):
    """True for SPL with a quote, a backquote or a bracket that nothing closes."""
    rest = QUOTED.sub("", text)
    brackets = any(rest.count(pair[0]) != rest.count(pair[1]) for pair in ("()", "[]", "{}"))
    return brackets or '"' in rest or rest.count("`") % 2 != 0


def test_quotes_and_brackets_are_closed():
    assert places(all_spl(), is_left_open) == []


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


def test_no_source_begins_with_a_wildcard():
    wild = re.compile(r'"\*[^"]|=\*[^"]')
    selects = re.compile(r"\(`t1029_(?:network|endpoint)_index` ")
    sources = {
        name: one for name, one in conf("macros").items() if selects.match(one["definition"])
    }
    assert len(sources) == 12
    assert [name for name, one in sources.items() if wild.search(one["definition"])] == []


def test_an_exact_sourcetype_comes_before_the_wildcards_that_cover_it():
    with (ROOT / "lookups" / "t1029_sources.csv").open(encoding="utf-8") as lines:
        rows = [(row["sourcetype"], row["source"]) for row in csv.DictReader(lines)]
    covered = [
        (wild, exact)
        for place, (wild, source) in enumerate(rows)
        for exact, _ in rows[place + 1 :]
        if "*" in wild and source == "*" and "*" not in exact and fnmatch.fnmatch(exact, wild)
    ]
    assert covered == []
