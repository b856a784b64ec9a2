"""What Splunk is documented, or was measured, to do: one case a fact."""

import pytest

A, B, C = {"v": "1"}, {"v": "2"}, {"v": "3"}
NOW = 1767233651.0  # one second after the newest event
COUNTED = [
    {"day": "1", "rule": "b", "n": "5"},
    {"day": "1", "rule": "a", "n": "4"},
    {"day": "2", "rule": "a", "n": "3"},
]


def numbered(*values):
    return [{"v": value} for value in values]


STATS = {
    "null-by-field-drops-the-row": (
        "stats count BY a, b",
        [{"a": "x", "b": "y"}, {"a": "x"}, {"b": "y"}],
        [{"a": "x", "b": "y", "count": 1}],
    ),
    "sorted-by-the-by-field": (
        "stats count BY v",
        numbered("b", "a", "b"),
        [{"v": "a", "count": 1}, {"v": "b", "count": 2}],
    ),
    "numbers-sort-as-numbers": (
        "stats count BY v",
        numbered("10", "9"),
        [{"v": "9", "count": 1}, {"v": "10", "count": 1}],
    ),
    "one-text-makes-all-sort-as-text": (
        "stats count BY v",
        numbered("10", "9", "a"),
        [{"v": "10", "count": 1}, {"v": "9", "count": 1}, {"v": "a", "count": 1}],
    ),
    "number-like-texts-are-groups-of-their-own": (
        "stats count BY v",
        numbered("007", "7", "7.0"),
        [{"v": "007", "count": 1}, {"v": "7", "count": 1}, {"v": "7.0", "count": 1}],
    ),
    "multivalue-is-in-each-group": (
        "stats count BY v",
        [{"v": ["a", "b"]}, {"v": "a"}],
        [{"v": "a", "count": 2}, {"v": "b", "count": 1}],
    ),
    "two-multivalues-give-every-pair": (
        "stats count BY a, b",
        [{"a": ["1", "2"], "b": ["x", "y"]}],
        [
            {"a": "1", "b": "x", "count": 1},
            {"a": "1", "b": "y", "count": 1},
            {"a": "2", "b": "x", "count": 1},
            {"a": "2", "b": "y", "count": 1},
        ],
    ),
    "nothing-to-compute-writes-no-field": (
        "stats sum(nosuch) AS s, count BY v",
        numbered("a"),
        [{"v": "a", "count": 1}],
    ),
    "nothing-to-compute-without-by-is-no-row": ("stats sum(nosuch)", [A], []),
    "no-rows-without-by-is-no-row": ("stats sum(v)", [], []),
    "count-of-nothing-is-0": ("stats count", [], [{"count": 0}]),
    "count-and-dc-of-a-missing-field-are-0": (
        "stats count(nosuch) AS c, dc(nosuch) AS d",
        [A],
        [{"c": 0, "d": 0}],
    ),
    "no-rows-with-by-is-no-row": ("stats count BY v", [], []),
    "sum-skips-text": ("stats sum(v)", numbered("1", "2.5", "x"), [{"sum(v)": 3.5}]),
    "sum-of-a-multivalue": ("stats sum(v) AS s", [{"v": ["1", "2"]}], [{"s": 3}]),
    "number-beats-text-in-min-and-max": (
        "stats min(v) AS a, max(v) AS b",
        numbered("9", "10", "abc"),
        [{"a": "9", "b": "10"}],
    ),
    "text-is-the-fall-back-of-min-and-max": (
        "stats min(v) AS a, max(v) AS b",
        numbered("b", "a", "c"),
        [{"a": "a", "b": "c"}],
    ),
    "median-rounds-a-half-up": ("stats median(v) AS m", [A, B], [{"m": 2}]),
    "median-of-four": ("stats median(v) AS m", numbered("1", "2", "3", "4"), [{"m": 3}]),
    "median-keeps-fractions": (
        "stats median(v) AS m",
        numbered("1.2", "1.4"),
        [{"m": pytest.approx(1.3)}],
    ),
    "median-of-one": ("stats median(v) AS m", numbered("1.5"), [{"m": 1.5}]),
    "perc50-interpolates": ("stats perc50(v) AS p", numbered("1", "2", "3", "4"), [{"p": 2.5}]),
    "p90": ("stats p90(v) AS p", numbered("1", "2", "3", "4"), [{"p": pytest.approx(3.7)}]),
    "values-by-spelling": ("stats values(v) AS v", numbered("9", "10", "9"), [{"v": ["10", "9"]}]),
    "one-value-is-no-multivalue": ("stats values(v) AS v", [A, A], [{"v": "1"}]),
    "list-keeps-order-and-duplicates": ("stats list(v) AS v", [B, A, B], [{"v": ["2", "1", "2"]}]),
    "values-is-unlimited": (
        "stats values(v) AS v | eval n=mvcount(v) | fields n",
        numbered(*map(str, range(1001))),
        [{"n": 1001}],
    ),
    "earliest-goes-by-time-first-by-row": (
        "sort 0 v | stats earliest(v) AS e, latest(v) AS l, first(v) AS f, last(v) AS z",
        numbered("b", "c", "a"),
        [{"e": "a", "l": "b", "f": "a", "z": "c"}],
    ),
    "count-eval-counts-the-true": ("stats count(eval(v>1)) AS big", [A, B, C, {}], [{"big": 2}]),
    "sum-of-an-expression": ("stats sum(eval(v*2)) AS s", [A, B], [{"s": 6}]),
    "default-name-as-written": ("stats count(v)", [A, {}], [{"count(v)": 1}]),
    "dc-is-case-sensitive": ("stats dc(v) AS d", numbered("a", "A", "a"), [{"d": 2}]),
    "avg": ("stats avg(v) AS a", [A, B], [{"a": 1.5}]),
    "eventstats-passes-rows-without-the-by-field": (
        "eventstats count BY v",
        [A, {}, A],
        [{"v": "1", "count": 2}, {}, {"v": "1", "count": 2}],
    ),
    "streamstats-passes-rows-without-the-by-field": (
        "streamstats count BY v",
        [{}, A],
        [{}, {"v": "1", "count": 1}],
    ),
    "rename-moves-the-value": ("rename v AS w", [A], [{"w": "1"}]),
    "fields-minus": ("fields - w, x*", [{"v": "1", "w": "2", "x1": "3"}], [{"v": "1"}]),
    "fields-wildcard": ("fields v*", [{"v1": "1", "w": "2"}], [{"v1": "1"}]),
    "addinfo-tells-the-window": (
        "addinfo | fields - info_sid, v",
        [A],
        [{"info_min_time": NOW - 1, "info_max_time": NOW, "info_search_time": NOW}],
    ),
}

XYSERIES = "xyseries day rule n"
NESTED = {
    "xyseries-has-a-row-for-each-x": (
        XYSERIES,
        COUNTED,
        [{"day": "1", "a": "4", "b": "5"}, {"day": "2", "a": "3"}],
    ),
    "xyseries-without-x-or-y": (XYSERIES, [{"day": "1", "n": "5"}, {"rule": "a", "n": "5"}], []),
    "appendpipe-adds-what-its-pipeline-makes": (
        "stats count BY v | appendpipe [stats sum(count) AS count]",
        [A, A, B],
        [{"v": "1", "count": 2}, {"v": "2", "count": 1}, {"count": 3}],
    ),
    "appendpipe-copies-rows": ("appendpipe [eval v=9 | fields - _time]", [A], [A, {"v": 9}]),
    "appendpipe-that-keeps-nothing": ("appendpipe [where false()]", [A], [A]),
    "appendpipe-of-nothing": ("search nosuch=1 | appendpipe [stats count]", [A], [{"count": 0}]),
    "appendpipe-in-an-appendpipe": (
        "appendpipe [eval v=8 | appendpipe run_in_preview=f [eval v=9]] | table v",
        [A],
        [A, {"v": 8}, {"v": 9}],
    ),
    "multisearch-finds-an-event-in-each-search": (
        "| multisearch [search v=1 | eval k=1] [search v=* | eval k=2] | stats count BY k, v",
        [A, B],
        [
            {"k": "1", "v": "1", "count": 1},
            {"k": "2", "v": "1", "count": 1},
            {"k": "2", "v": "2", "count": 1},
        ],
    ),
    "searches-of-a-multisearch-do-not-see-each-other": (
        "| multisearch [search v=1 | eval v=9] [search v=1] | stats values(v) AS v",
        [A],
        [{"v": ["1", "9"]}],
    ),
    **{
        f"multisearch-{name}": (
            f"| multisearch [{first}] [search v=none] | stats count",
            [{**A, "index": "main"}, {**A, "index": "_internal"}],
            [{"count": count}],
        )
        for name, first, count in (
            ("default-index", "search v=1", 1),
            ("internal-index", "search index=_internal v=1", 1),
            ("both", "search (index=_internal OR index=main) v=1", 2),
        )
    },
    "append-takes-a-search-of-its-own": (
        "search v=1 | stats count BY v | append [search v=2 | stats count BY v]",
        [A, B, B],
        [{"v": "1", "count": 1}, {"v": "2", "count": 2}],
    ),
    "tstats-counts-events-by-what-is-indexed": (
        "| tstats count AS events WHERE index=main source=a* BY sourcetype",
        [{"index": "main", "source": one, "sourcetype": "x"} for one in ("ab", "a", "b")],
        [{"sourcetype": "x", "events": 2}],
    ),
    "tstats-of-nothing-without-by-is-a-count-of-0": (
        "| tstats count, values(sourcetype) AS types WHERE index=none",
        [A],
        [{"count": 0}],
    ),
    "field-search-of-a-subsearch-is-a-filter": (
        'search v=* [| makeresults | eval search="v=1 OR v=3"]',
        [A, B],
        [A],
    ),
    "subsearch-is-in-brackets-of-its-own": (
        'search w=1 [| makeresults | eval search="v=1 OR v=2"]',
        [{"v": "1", "w": "2"}, {"v": "2", "w": "1"}],
        [{"v": "2", "w": "1"}],
    ),
}

EVAL = {
    "dot-joins": ('eval x="1" . 2', {}, "12"),
    "whole-numbers-have-no-point": ('eval x=1767233650 . ""', {}, "1767233650"),
    "fifteen-significant-digits": ('eval x=(0.1+0.2) . ""', {}, "0.3"),
    "number-like-field-computes": ("eval x=v+1", {"v": "41"}, 42),
    "text-field-plus-1-is-null": ("eval x=v+1", {"v": "a"}, None),
    "missing-operand-is-null": ("eval x=v+1", {}, None),
    "plus-joins-two-texts": ('eval x="a"+"b"', {}, "ab"),
    "division-by-zero-is-null": ("eval x=1/0", {}, None),
    "remainder": ("eval x=7%4", {}, 3),
    "times-before-plus": ("eval x=1+2*3", {}, 7),
    "unary-minus": ("eval x=-v", {"v": "2"}, -2),
    "null-result-removes-the-field": ("eval x=null()", {"x": "old"}, None),
    "single-quotes-name-a-field": ("eval x='id.orig_h'", {"id.orig_h": "10.0.0.1"}, "10.0.0.1"),
    "without-quotes-a-dot-joins": ("eval x=id.orig_h", {"id.orig_h": "10.0.0.1"}, None),
    "comparison-is-case-sensitive": ('eval x=if(v=="A", 1, 2)', {"v": "a"}, 2),
    "number-like-texts-compare-as-numbers": ("eval x=if(v<10, 1, 2)", {"v": "9"}, 1),
    "a-string-literal-compares-as-text": ('eval x=if(v=="7", 1, 2)', {"v": "007"}, 2),
    "a-number-compares-as-number": ("eval x=if(v==7, 1, 2)", {"v": "007"}, 1),
    "if-null-takes-the-second": ("eval x=if(v>1, 1, 2)", {}, 2),
    "IN-operator": ('eval x=if(v IN ("a", "b"), 1, 2)', {"v": "b"}, 1),
    "in-with-texts-compares-texts": ('eval x=if(in(v, "7"), 1, 2)', {"v": "007"}, 2),
    "case-default": ('eval x=case(v==1, "a", true(), "b")', {"v": "2"}, "b"),
    "case-without-a-match-is-null": ('eval x=case(v==1, "a")', {"v": "2"}, None),
    "coalesce-takes-the-empty-text": ('eval x=coalesce(a, b, "c")', {"b": ""}, ""),
    "round-half-up": ("eval x=round(2.5)", {}, 3),
    "round-half-away-from-zero": ("eval x=round(-2.5)", {}, -3),
    "round-to-places": ("eval x=round(2.555, 2)", {}, 2.56),
    "ceiling": ("eval x=ceiling(1.2)", {}, 2),
    "floor": ("eval x=floor(-1.5)", {}, -2),
    "log-of-base-10": ("eval x=log(v)", {"v": "1000"}, 3),
    "log-of-nothing-is-null": ("eval x=log(0)", {}, None),
    "max-text-above-number": ('eval x=max(1, 3, "foo")', {}, "foo"),
    "min-number-below-text": ('eval x=min(1, 3, "foo")', {}, 1),
    "max-of-a-multivalue": ("eval x=max(v)", {"v": ["3", "10"]}, "10"),
    "replace-groups": (
        'eval x=replace("2026-01-31", "(\\d+)-(\\d+)-(\\d+)", "\\3.\\2.\\1")',
        {},
        "31.01.2026",
    ),
    "match": ('eval x=if(match(v, "^a\\.b$"), 1, 2)', {"v": "a.b"}, 1),
    "match-finds-anywhere": ('eval x=if(match(v, "b"), 1, 2)', {"v": "abc"}, 1),
    "like": ('eval x=if(like(v, "a%_c"), 1, 2)', {"v": "abbc"}, 1),
    "cidrmatch": ('eval x=if(cidrmatch("10.0.0.0/8", v), 1, 2)', {"v": "10.200.0.1"}, 1),
    "cidrmatch-ipv6": ('eval x=if(cidrmatch("2001:db8::/32", v), 1, 2)', {"v": "2001:db8::1"}, 1),
    "cidrmatch-no-address": ('eval x=if(cidrmatch("10.0.0.0/8", v), 1, 2)', {"v": "host"}, 2),
    "len-counts-characters": ("eval x=len(v)", {"v": "äöü"}, 3),
    "substr-from-1": ("eval x=substr(v, 2, 2)", {"v": "abcd"}, "bc"),
    "substr-from-the-end": ("eval x=substr(v, -2)", {"v": "abcd"}, "cd"),
    "lower": ("eval x=lower(v)", {"v": "AbC"}, "abc"),
    "tonumber-of-text-is-null": ('eval x=tonumber("x")', {}, None),
    "tonumber-of-base-16": ("eval x=tonumber(v, 16)", {"v": "CB00"}, 51968),
    "tonumber-of-a-digit-beyond-the-base-is-null": ('eval x=tonumber("1g", 16)', {}, None),
    "split": ('eval x=split("a,b", ",")', {}, ["a", "b"]),
    "mvjoin": ('eval x=mvjoin(v, " ")', {"v": ["a", "b"]}, "a b"),
    "mvjoin-of-one": ('eval x=mvjoin(v, " ")', {"v": "a"}, "a"),
    "mvcount": ("eval x=mvcount(v)", {"v": ["a", "b"]}, 2),
    "mvcount-of-nothing-is-null": ("eval x=mvcount(v)", {}, None),
    "mvindex-from-the-end": ("eval x=mvindex(v, -1)", {"v": ["a", "b"]}, "b"),
    "mvindex-range": ("eval x=mvindex(v, 0, 1)", {"v": ["a", "b", "c"]}, ["a", "b"]),
    "mvindex-outside-is-null": ("eval x=mvindex(v, 5)", {"v": ["a", "b"]}, None),
    "mvfilter": ("eval x=mvfilter(v > 1)", {"v": ["1", "2", "3"]}, ["2", "3"]),
    "mvfilter-nothing-left-is-null": ("eval x=mvfilter(v > 9)", {"v": ["1", "2"]}, None),
    "mvmap": ("eval x=mvmap(v, v * 10)", {"v": ["1", "2"]}, [10, 20]),
    "mvappend-skips-null": ("eval x=mvappend(a, b)", {"a": ["1", "2"]}, ["1", "2"]),
    "mvdedup-keeps-order": ("eval x=mvdedup(v)", {"v": ["b", "a", "b"]}, ["b", "a"]),
    "mvsort-by-text": ("eval x=mvsort(v)", {"v": ["b", "10", "9", "B"]}, ["10", "9", "B", "b"]),
    "mvsort-of-one": ("eval x=mvsort(v)", {"v": "a"}, "a"),
    "mvrange-leaves-the-end-out": ("eval x=mvrange(1, 11, 4)", {}, [1, 5, 9]),
    "mvrange-step-of-1": ("eval x=mvrange(1, 3)", {}, [1, 2]),
    "mvrange-one-value": ("eval x=mvrange(1, 2)", {}, 1),
    "mvrange-no-value": ("eval x=mvrange(1, 1)", {}, None),
    "mvrange-null": ("eval x=mvrange(1, nosuch)", {}, None),
    "sha256-example-of-the-standard": (
        "eval x=sha256(v)",
        {"v": "abc"},
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    ),
    "urldecode": ("eval x=urldecode(v)", {"v": "a%0Ab%20%E2%82%AC"}, "a\nb €"),
    "sha256-of-null": ("eval x=sha256(v)", {}, None),
    "isnum": ("eval x=if(isnum(v), 1, 2)", {"v": "1e3"}, 1),
    "isnull": ("eval x=if(isnull(v), 1, 2)", {}, 1),
    "assignments-follow-each-other": ("eval a=1, x=a+1", {}, 2),
    "eval-AND-before-OR": (
        'eval x=if(1==1 OR 1==1 AND 1==2, "and first", "or first")',
        {},
        "and first",
    ),
}

WHERE = {
    "missing-field-is-not-true": ("where v > 1", [{"v": "2"}, {"v": "1"}, {}], ["2"]),
    "nor-is-its-negation": ("where NOT v > 1", [{"v": "2"}, {"v": "1"}, {}], ["1"]),
    "nor-is-the-inequality": ("where v != 1", [{"v": "2"}, {"v": "1"}, {}], ["2"]),
    "false-and-null-is-false": ("where NOT (isnotnull(w) AND w > 1)", [A], ["1"]),
    "true-or-null-is-true": ("where isnull(w) OR w > 1", [A], ["1"]),
    "null-or-false-is-null": ("where NOT (w > 1 OR v == 2)", [A], []),
    "where-is-case-sensitive": ('where v == "A"', numbered("a", "A"), ["A"]),
    "numbers-not-texts": ("where v < 10", numbered("9", "11"), ["9"]),
    "search-ignores-case": ("search v=abc", numbered("ABC", "abcd"), ["ABC"]),
    "search-wildcard": ('search v="a*c"', numbered("ABBC", "abcd"), ["ABBC"]),
    "search-star-wants-the-field": ("search v=*", [A, {}], ["1"]),
    "search-star-alone-keeps-all": ("search *", [A], ["1"]),
    "unequal-drops-rows-without-the-field": ("search v!=1", [A, B, {}], ["2"]),
    "NOT-keeps-rows-without-the-field": ("search NOT v=1", [A, B, {}], ["2", None]),
    "search-compares-numbers": ("search v>1", [A, B], ["2"]),
    "search-IN": ("search v IN (1, 3)", [A, B, C], ["1", "3"]),
    "search-IN-wildcard": ('search v IN ("b*")', numbered("BC", "c"), ["BC"]),
    "search-OR-before-AND": ("search v=1 OR v=2 v=2", [A, B], ["2"]),
    "search-cidr": ("search v=192.0.2.0/24", numbered("192.0.2.9", "198.51.100.1"), ["192.0.2.9"]),
    "search-any-value-of-a-multivalue": ("search v=b", [{"v": ["a", "b"]}], [["a", "b"]]),
}

SHAPE = {
    "sort-as-numbers": ("sort 0 v", numbered("10", "9", "1"), ["1", "9", "10"]),
    "sort-descending-nulls-last": ("sort 0 -v", [A, {}, C], ["3", "1", None]),
    "sort-ascending-nulls-last": ("sort 0 v", [C, {}, A], ["1", "3", None]),
    "sort-sign-apart": ("sort 0 - v", [A, C], ["3", "1"]),
    "sort-limit": ("sort 1 v", [C, A], ["1"]),
    "head": ("head 2", [A, B, C], ["1", "2"]),
    "dedup-drops-rows-without-the-field": ("dedup v", [A, B, A, {}], ["1", "2"]),
    "fillnull-with-0": ("fillnull v", [A, {}], ["1", "0"]),
    "fillnull-with-a-value": ("fillnull value=- v", [{}], ["-"]),
    "mvexpand": ("mvexpand v", [{"v": ["a", "b"]}, A, {}], ["a", "b", "1", None]),
    "rename-over-a-field-takes-null-too": ("rename w AS v", [A, {"w": "9"}], [None, "9"]),
}


REX = {
    "named-group": ('rex field=v "(?<x>\\d+)"', "a12b3", "12"),
    "other-spelling-of-a-name": ('rex field=v "(?P<x>b+)"', "abb", "bb"),
    "no-match-leaves-the-field": ('rex field=v "^(?<x>b)"', "ab", "old"),
    "group-that-took-no-part": ('rex field=v "(?<x>z)?a"', "a", "old"),
    "missing-field": ('rex field=nosuch "(?<x>.)"', "a", "old"),
    "quotes-in-the-regex": ('rex field=v "(?<x>\\"[^\\"]+\\")"', 'a"b"', '"b"'),
    "backslash": ('rex field=v "(?<x>[^\\\\\\\\]+)$"', "C:\\a.exe", "a.exe"),
    "raw-by-default": ('rex "(?<x>b)"', None, "b"),
    "makemv-tokenizer": ('makemv tokenizer="([^\\n]+)" v | eval x=v', "a\nb", ["a", "b"]),
}


@pytest.mark.parametrize(("spl", "value", "expected"), REX.values(), ids=REX)
def test_rex_and_makemv(rows, spl, value, expected):
    event = {"x": "old", **({"_raw": "abc"} if value is None else {"v": value})}
    assert rows(f"search * | {spl}", event)[0].get("x") == expected


@pytest.mark.parametrize(
    ("spl", "events", "expected"), {**STATS, **NESTED}.values(), ids={**STATS, **NESTED}
)
def test_rows(rows, spl, events, expected):
    assert rows(spl if spl[0] == "|" else f"* | {spl}", *events) == expected


@pytest.mark.parametrize(("spl", "event", "expected"), EVAL.values(), ids=EVAL)
def test_eval(rows, spl, event, expected):
    assert rows(f"search * | {spl}", event)[0].get("x") == expected


@pytest.mark.parametrize(
    ("spl", "events", "expected"), {**WHERE, **SHAPE}.values(), ids={**WHERE, **SHAPE}
)
def test_values_of_rows(rows, spl, events, expected):
    assert [row.get("v") for row in rows(f"search * | {spl}", *events)] == expected


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        pytest.param("-risk, log10_p", ["sure", "unsure"], id="sign-at-the-field-holds-for-it"),
        pytest.param("- risk, log10_p", ["unsure", "sure"], id="sign-apart-holds-for-the-next"),
        pytest.param("- risk, +log10_p", ["sure", "unsure"], id="up-to-the-next-sign"),
    ],
)
def test_sort_sign_reaches_as_far_as_in_splunk(rows, order, expected):
    sure, unsure = {"v": "sure", "log10_p": "-9"}, {"v": "unsure", "log10_p": "-2"}
    both = ({**sure, "risk": "9"}, {**unsure, "risk": "9"})
    assert [row["v"] for row in rows(f"search * | sort 0 {order}", *both)] == expected


def test_sort_with_0_keeps_all_rows(rows):
    assert rows("| makeresults count=10001 | sort 0 _time | stats count")[0]["count"] == 10001


COLUMNS = {
    "stats-as-written": ("stats sum(nosuch) AS s, count BY v", ["v", "s", "count"]),
    "eval-adds-its-own-last": ("stats count BY v | eval a=1", ["v", "count", "a"]),
    "table-fixes-the-order": ("table b, a, c", ["b", "a", "c"]),
    "alphabetical-without-table": ("eval c=1", ["_time", "a", "b", "c", "v"]),
    "fields-keeps-internal-fields": ("fields v", ["_time", "v"]),
    "nested": ("table v | appendpipe [stats count | eval a=1]", ["v", "count", "a"]),
    "xyseries-has-a-column-for-each-y": ("xyseries v b a", ["v", "1"]),
}


@pytest.mark.parametrize(("spl", "expected"), COLUMNS.values(), ids=COLUMNS)
def test_columns(search, spl, expected):
    assert search(f"* | {spl}", {"v": "1", "b": "1", "a": "2"}).columns == expected


FREE_TEXT = {
    "whole-value": ("192.0.2.3", {"a": "192.0.2.3"}, True),
    "word-in-a-value": ("192.0.2.3", {"a": "to 192.0.2.3:443"}, True),
    "longer-address": ("192.0.2.3", {"a": "192.0.2.34"}, False),
    "longer-at-the-front": ("192.0.2.3", {"a": "x192.0.2.3"}, False),
    "wildcard": ("192.0.*", {"a": "192.0.2.3"}, True),
    "group-in-another-case": ("DB8", {"a": "2001:db8::7"}, True),
    "host-is-not-in-the-text": ("192.0.2.3", {"host": "192.0.2.3"}, False),
    "both-words-needed": ("192.0.2.3 2001", {"a": "192.0.2.3"}, False),
    "nothing-wanted": ("NOT *", {"a": "192.0.2.3"}, False),
}


@pytest.mark.parametrize(("words", "event", "expected"), FREE_TEXT.values(), ids=FREE_TEXT)
def test_free_text_that_a_subsearch_makes(rows, words, event, expected):
    quoted = " ".join(w if w in ("NOT", "*") else f'\\"{w}\\"' for w in words.split())
    assert bool(rows(f'* [| makeresults | eval search="{quoted}"]', event)) is expected


TERM = {
    "between-blanks": ("192.0.2.3", "from 192.0.2.3 on", True),
    "whole-text": ("192.0.2.3", "192.0.2.3", True),
    "between-commas": ("192.0.2.3", "1,192.0.2.3,2", True),
    "in-quotation-marks": ("192.0.2.3", 'src="192.0.2.3"', True),
    "in-xml": ("192.0.2.3", "<Data Name='SourceIp'>192.0.2.3</Data>", True),
    "after-an-encoded-sign": ("192.0.2.3", "q=src%3D192.0.2.3", True),
    "equals-sign-is-a-minor-breaker": ("192.0.2.3", "src=192.0.2.3 x", False),
    "with-its-name": ("src=192.0.2.3", "a src=192.0.2.3 x", True),
    "with-another-name": ("src=192.0.2.3", "a nat_src=192.0.2.3 x", False),
    "colon-is-a-minor-breaker": ("192.0.2.3", "192.0.2.3:443", False),
    "slash-is-a-minor-breaker": ("192.0.2.3", "192.0.2.3/51234->203.0.113.9/443", False),
    "longer-address": ("192.0.2.3", "192.0.2.34", False),
    "beginning-of-a-term": ("192.0.2", "192.0.2.3", False),
    "part-of-a-term": ("192", "192.0.2.3", True),
    "name-is-a-part": ("src", "src=192.0.2.3", True),
    "another-case": ("SRC=192.0.2.3", "src=192.0.2.3", True),
    "ipv6-as-written": ("2001:db8::7", "to 2001:db8::7 x", True),
    "ipv6-in-another-spelling": ("2001:db8::7", "to 2001:0db8::7 x", False),
}


@pytest.mark.parametrize(("term", "raw", "expected"), TERM.values(), ids=TERM)
def test_term_is_all_between_major_breakers(rows, term, raw, expected):
    spl = f'* [| makeresults | eval search="TERM({term})"]'
    assert bool(rows(spl, {"_raw": raw, "a": term})) is expected


def test_term_of_an_event_without_its_text_is_a_value(rows):
    spl = '* [| makeresults | eval search="TERM(192.0.2.3) NOT TERM(a)"]'
    assert bool(rows(spl, {"a": "192.0.2.3"}))


STREAM = {
    "with-the-current-row": ("count", [1, 2, 3]),
    "first-row-counts-0": ("current=f count", [0, 1, 2]),
    "first-row-has-no-value": ("current=f sum(v)", [None, 1, 3]),
}


@pytest.mark.parametrize(("clause", "expected"), STREAM.values(), ids=STREAM)
def test_streamstats(rows, clause, expected):
    found = rows(f"* | streamstats {clause} AS n", A, B, C)
    assert [row.get("n") for row in found] == expected
