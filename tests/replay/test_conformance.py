"""What Splunk is documented, or was measured, to do: one case a fact.

(M) marks what was measured in a running Splunk, [K] what is common knowledge without a document.
"""

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


STATS = [
    pytest.param(
        "stats count BY a, b",
        [{"a": "x", "b": "y"}, {"a": "x"}, {"b": "y"}],
        [{"a": "x", "b": "y", "count": 1}],
        id="null-by-field-drops-the-row",
    ),
    pytest.param(
        "stats count BY v",
        numbered("b", "a", "b"),
        [{"v": "a", "count": 1}, {"v": "b", "count": 2}],
        id="sorted-by-the-by-field",
    ),
    pytest.param(
        "stats count BY v",
        numbered("10", "9"),
        [{"v": "9", "count": 1}, {"v": "10", "count": 1}],
        id="numbers-sort-as-numbers",
    ),
    pytest.param(
        "stats count BY v",
        numbered("10", "9", "a"),
        [{"v": "10", "count": 1}, {"v": "9", "count": 1}, {"v": "a", "count": 1}],
        id="one-text-makes-all-sort-as-text",
    ),
    pytest.param(
        "stats count BY v",
        numbered("007", "7", "7.0"),
        [{"v": "007", "count": 1}, {"v": "7", "count": 1}, {"v": "7.0", "count": 1}],
        id="number-like-texts-are-groups-of-their-own",
    ),
    pytest.param(
        "stats count BY v",
        [{"v": ["a", "b"]}, {"v": "a"}],
        [{"v": "a", "count": 2}, {"v": "b", "count": 1}],
        id="multivalue-is-in-each-group",
    ),
    pytest.param(
        "stats count BY a, b",
        [{"a": ["1", "2"], "b": ["x", "y"]}],
        [
            {"a": "1", "b": "x", "count": 1},
            {"a": "1", "b": "y", "count": 1},
            {"a": "2", "b": "x", "count": 1},
            {"a": "2", "b": "y", "count": 1},
        ],
        id="two-multivalues-give-every-pair",
    ),
    pytest.param(
        "stats sum(nosuch) AS s, count BY v",
        numbered("a"),
        [{"v": "a", "count": 1}],
        id="nothing-to-compute-writes-no-field",
    ),
    pytest.param("stats sum(nosuch)", [A], [], id="nothing-to-compute-without-by-is-no-row"),
    pytest.param("stats sum(v)", [], [], id="no-rows-without-by-is-no-row"),
    pytest.param("stats count", [], [{"count": 0}], id="count-of-nothing-is-0"),
    pytest.param(
        "stats count(nosuch) AS c, dc(nosuch) AS d",
        [A],
        [{"c": 0, "d": 0}],
        id="count-and-dc-of-a-missing-field-are-0",
    ),
    pytest.param("stats count BY v", [], [], id="no-rows-with-by-is-no-row"),
    pytest.param("stats sum(v)", numbered("1", "2.5", "x"), [{"sum(v)": 3.5}], id="sum-skips-text"),
    pytest.param("stats sum(v) AS s", [{"v": ["1", "2"]}], [{"s": 3}], id="sum-of-a-multivalue"),
    pytest.param(
        "stats min(v) AS a, max(v) AS b",
        numbered("9", "10", "abc"),
        [{"a": "9", "b": "10"}],
        id="number-beats-text-in-min-and-max",
    ),
    pytest.param(
        "stats min(v) AS a, max(v) AS b",
        numbered("b", "a", "c"),
        [{"a": "a", "b": "c"}],
        id="text-is-the-fall-back-of-min-and-max",
    ),
    pytest.param("stats median(v) AS m", [A, B], [{"m": 2}], id="median-rounds-a-half-up"),
    pytest.param(
        "stats median(v) AS m", numbered("1", "2", "3", "4"), [{"m": 3}], id="median-of-four"
    ),
    pytest.param(
        "stats median(v) AS m",
        numbered("1.2", "1.4"),
        [{"m": pytest.approx(1.3)}],
        id="median-keeps-fractions",
    ),
    pytest.param("stats median(v) AS m", numbered("1.5"), [{"m": 1.5}], id="median-of-one"),
    pytest.param(
        "stats perc50(v) AS p", numbered("1", "2", "3", "4"), [{"p": 2.5}], id="perc50-interpolates"
    ),
    pytest.param(
        "stats p90(v) AS p", numbered("1", "2", "3", "4"), [{"p": pytest.approx(3.7)}], id="p90"
    ),
    pytest.param(
        "stats values(v) AS v",
        numbered("9", "10", "9"),
        [{"v": ["10", "9"]}],
        id="values-by-spelling",
    ),
    pytest.param("stats values(v) AS v", [A, A], [{"v": "1"}], id="one-value-is-no-multivalue"),
    pytest.param(
        "stats list(v) AS v",
        [B, A, B],
        [{"v": ["2", "1", "2"]}],
        id="list-keeps-order-and-duplicates",
    ),
    pytest.param(
        "stats list(v) AS v | eval n=mvcount(v) | fields n",
        numbered(*map(str, range(101))),
        [{"n": 100}],
        id="list-stops-at-100",
    ),
    pytest.param(
        "stats values(v) AS v | eval n=mvcount(v) | fields n",
        numbered(*map(str, range(1001))),
        [{"n": 1001}],
        id="values-is-unlimited",
    ),
    pytest.param(
        "sort 0 v | stats latest(v) AS l, first(v) AS f, last(v) AS z",
        numbered("b", "c", "a"),
        [{"l": "b", "f": "a", "z": "c"}],
        id="latest-goes-by-time-first-by-row",
    ),
    pytest.param(
        "stats count(eval(v>1)) AS big",
        [A, B, C, {}],
        [{"big": 2}],
        id="count-eval-counts-the-true",
    ),
    pytest.param("stats sum(eval(v*2)) AS s", [A, B], [{"s": 6}], id="sum-of-an-expression"),
    pytest.param("stats count(v)", [A, {}], [{"count(v)": 1}], id="default-name-as-written"),
    pytest.param(
        "stats dc(v) AS d", numbered("a", "A", "a"), [{"d": 2}], id="dc-is-case-sensitive"
    ),
    pytest.param("stats avg(v) AS a", [A, B], [{"a": 1.5}], id="avg"),
    pytest.param(
        "eventstats count BY v",
        [A, {}, A],
        [{"v": "1", "count": 2}, {}, {"v": "1", "count": 2}],
        id="eventstats-passes-rows-without-the-by-field",
    ),
    pytest.param(
        "streamstats count BY v",
        [{}, A],
        [{}, {"v": "1", "count": 1}],
        id="streamstats-passes-rows-without-the-by-field",
    ),
    pytest.param("rename v AS w", [A], [{"w": "1"}], id="rename-moves-the-value"),
    pytest.param(
        "fields - w, x*", [{"v": "1", "w": "2", "x1": "3"}], [{"v": "1"}], id="fields-minus"
    ),
    pytest.param("fields v*", [{"v1": "1", "w": "2"}], [{"v1": "1"}], id="fields-wildcard"),
    pytest.param(
        "addinfo | fields - info_sid, v",
        [A],
        [{"info_min_time": NOW - 1, "info_max_time": NOW, "info_search_time": NOW}],
        id="addinfo-tells-the-window",
    ),
]

XYSERIES = "xyseries day rule n"
NESTED = [
    pytest.param(
        XYSERIES,
        COUNTED,
        [{"day": "1", "a": "4", "b": "5"}, {"day": "2", "a": "3"}],
        id="xyseries-has-a-row-for-each-x",
    ),
    pytest.param(
        XYSERIES,
        [{"day": "1", "n": "5"}, {"rule": "a", "n": "5"}],
        [],
        id="xyseries-without-x-or-y",
    ),
    pytest.param(
        "stats count BY v | appendpipe [stats sum(count) AS count]",
        [A, A, B],
        [{"v": "1", "count": 2}, {"v": "2", "count": 1}, {"count": 3}],
        id="appendpipe-adds-what-its-pipeline-makes",
    ),
    pytest.param(
        "appendpipe [eval v=9 | fields - _time]", [A], [A, {"v": 9}], id="appendpipe-copies-rows"
    ),
    pytest.param("appendpipe [where false()]", [A], [A], id="appendpipe-that-keeps-nothing"),
    pytest.param(
        "search nosuch=1 | appendpipe [stats count]",
        [A],
        [{"count": 0}],
        id="appendpipe-of-nothing",
    ),
    pytest.param(
        "appendpipe [eval v=8 | appendpipe run_in_preview=f [eval v=9]] | table v",
        [A],
        [A, {"v": 8}, {"v": 9}],
        id="appendpipe-in-an-appendpipe",
    ),
    pytest.param(
        "| multisearch [search v=1 | eval k=1] [search v=* | eval k=2] | stats count BY k, v",
        [A, B],
        [
            {"k": "1", "v": "1", "count": 1},
            {"k": "2", "v": "1", "count": 1},
            {"k": "2", "v": "2", "count": 1},
        ],
        id="multisearch-finds-an-event-in-each-search",
    ),
    pytest.param(
        "| multisearch [search v=1 | eval v=9] [search v=1] | stats values(v) AS v",
        [A],
        [{"v": ["1", "9"]}],
        id="searches-of-a-multisearch-do-not-see-each-other",
    ),
    *(
        pytest.param(
            f"| multisearch [{first}] [search v=none] | stats count",
            [{**A, "index": "main"}, {**A, "index": "_internal"}],
            [{"count": count}],
            id=f"multisearch-{name}",
        )
        for name, first, count in (
            ("default-index", "search v=1", 1),
            ("internal-index", "search index=_internal v=1", 1),
            ("both", "search (index=_internal OR index=main) v=1", 2),
        )
    ),
    pytest.param(
        'search v=* [| makeresults | eval search="v=1 OR v=3"]',
        [A, B],
        [A],
        id="field-search-of-a-subsearch-is-a-filter",
    ),
    pytest.param(
        'search w=1 [| makeresults | eval search="v=1 OR v=2"]',
        [{"v": "1", "w": "2"}, {"v": "2", "w": "1"}],
        [{"v": "2", "w": "1"}],
        id="subsearch-is-in-brackets-of-its-own",
    ),
]

EVAL = [
    pytest.param('eval x="1" . 2', {}, "12", id="dot-joins"),
    pytest.param('eval x=1767233650 . ""', {}, "1767233650", id="whole-numbers-have-no-point"),
    pytest.param('eval x=(0.1+0.2) . ""', {}, "0.3", id="fifteen-significant-digits"),
    pytest.param("eval x=v+1", {"v": "41"}, 42, id="number-like-field-computes"),
    pytest.param("eval x=v+1", {"v": "a"}, None, id="text-field-plus-1-is-null"),
    pytest.param("eval x=v+1", {}, None, id="missing-operand-is-null"),
    pytest.param('eval x="a"+"b"', {}, "ab", id="plus-joins-two-texts"),
    pytest.param("eval x=1/0", {}, None, id="division-by-zero-is-null"),
    pytest.param("eval x=7%4", {}, 3, id="remainder"),
    pytest.param("eval x=1+2*3", {}, 7, id="times-before-plus"),
    pytest.param("eval x=-v", {"v": "2"}, -2, id="unary-minus"),
    pytest.param("eval x=null()", {"x": "old"}, None, id="null-result-removes-the-field"),
    pytest.param(
        "eval x='id.orig_h'", {"id.orig_h": "10.0.0.1"}, "10.0.0.1", id="single-quotes-name-a-field"
    ),
    pytest.param(
        "eval x=id.orig_h", {"id.orig_h": "10.0.0.1"}, None, id="without-quotes-a-dot-joins"
    ),
    pytest.param('eval x=if(v=="A", 1, 2)', {"v": "a"}, 2, id="comparison-is-case-sensitive"),
    pytest.param("eval x=if(v<10, 1, 2)", {"v": "9"}, 1, id="number-like-texts-compare-as-numbers"),
    pytest.param(
        'eval x=if(v=="7", 1, 2)', {"v": "007"}, 2, id="a-string-literal-compares-as-text"
    ),
    pytest.param("eval x=if(v==7, 1, 2)", {"v": "007"}, 1, id="a-number-compares-as-number"),
    pytest.param("eval x=if(v>1, 1, 2)", {}, 2, id="if-null-takes-the-second"),
    pytest.param('eval x=if(v IN ("a", "b"), 1, 2)', {"v": "b"}, 1, id="IN-operator"),
    pytest.param('eval x=if(in(v, "7"), 1, 2)', {"v": "007"}, 2, id="in-with-texts-compares-texts"),
    pytest.param('eval x=case(v==1, "a", true(), "b")', {"v": "2"}, "b", id="case-default"),
    pytest.param('eval x=case(v==1, "a")', {"v": "2"}, None, id="case-without-a-match-is-null"),
    pytest.param('eval x=coalesce(a, b, "c")', {"b": ""}, "", id="coalesce-takes-the-empty-text"),
    pytest.param("eval x=round(2.5)", {}, 3, id="round-half-up"),
    pytest.param("eval x=round(-2.5)", {}, -3, id="round-half-away-from-zero"),
    pytest.param("eval x=round(2.555, 2)", {}, 2.56, id="round-to-places"),
    pytest.param("eval x=floor(-1.5)", {}, -2, id="floor"),
    pytest.param('eval x=max(1, 3, "foo")', {}, "foo", id="max-text-above-number"),
    pytest.param('eval x=min(1, 3, "foo")', {}, 1, id="min-number-below-text"),
    pytest.param("eval x=max(v)", {"v": ["3", "10"]}, "10", id="max-of-a-multivalue"),
    pytest.param(
        'eval x=replace("2026-01-31", "(\\d+)-(\\d+)-(\\d+)", "\\3.\\2.\\1")',
        {},
        "31.01.2026",
        id="replace-groups",
    ),
    pytest.param('eval x=if(match(v, "^a\\.b$"), 1, 2)', {"v": "a.b"}, 1, id="match"),
    pytest.param('eval x=if(match(v, "b"), 1, 2)', {"v": "abc"}, 1, id="match-finds-anywhere"),
    pytest.param('eval x=if(like(v, "a%_c"), 1, 2)', {"v": "abbc"}, 1, id="like"),
    pytest.param(
        'eval x=if(cidrmatch("10.0.0.0/8", v), 1, 2)', {"v": "10.200.0.1"}, 1, id="cidrmatch"
    ),
    pytest.param(
        'eval x=if(cidrmatch("2001:db8::/32", v), 1, 2)',
        {"v": "2001:db8::1"},
        1,
        id="cidrmatch-ipv6",
    ),
    pytest.param(
        'eval x=if(cidrmatch("10.0.0.0/8", v), 1, 2)', {"v": "host"}, 2, id="cidrmatch-no-address"
    ),
    pytest.param("eval x=len(v)", {"v": "äöü"}, 3, id="len-counts-characters"),
    pytest.param("eval x=substr(v, 2, 2)", {"v": "abcd"}, "bc", id="substr-from-1"),
    pytest.param("eval x=substr(v, -2)", {"v": "abcd"}, "cd", id="substr-from-the-end"),
    pytest.param("eval x=lower(v)", {"v": "AbC"}, "abc", id="lower"),
    pytest.param('eval x=tonumber("x")', {}, None, id="tonumber-of-text-is-null"),
    pytest.param('eval x=split("a,b", ",")', {}, ["a", "b"], id="split"),
    pytest.param('eval x=mvjoin(v, " ")', {"v": ["a", "b"]}, "a b", id="mvjoin"),
    pytest.param('eval x=mvjoin(v, " ")', {"v": "a"}, "a", id="mvjoin-of-one"),
    pytest.param("eval x=mvcount(v)", {"v": ["a", "b"]}, 2, id="mvcount"),
    pytest.param("eval x=mvcount(v)", {}, None, id="mvcount-of-nothing-is-null"),
    pytest.param("eval x=mvindex(v, -1)", {"v": ["a", "b"]}, "b", id="mvindex-from-the-end"),
    pytest.param("eval x=mvindex(v, 0, 1)", {"v": ["a", "b", "c"]}, ["a", "b"], id="mvindex-range"),
    pytest.param("eval x=mvindex(v, 5)", {"v": ["a", "b"]}, None, id="mvindex-outside-is-null"),
    pytest.param("eval x=mvfilter(v > 1)", {"v": ["1", "2", "3"]}, ["2", "3"], id="mvfilter"),
    pytest.param(
        "eval x=mvfilter(v > 9)", {"v": ["1", "2"]}, None, id="mvfilter-nothing-left-is-null"
    ),
    pytest.param("eval x=mvmap(v, v * 10)", {"v": ["1", "2"]}, [10, 20], id="mvmap"),
    pytest.param("eval x=mvappend(a, b)", {"a": ["1", "2"]}, ["1", "2"], id="mvappend-skips-null"),
    pytest.param("eval x=mvdedup(v)", {"v": ["b", "a", "b"]}, ["b", "a"], id="mvdedup-keeps-order"),
    pytest.param("eval x=mvrange(1, 11, 4)", {}, [1, 5, 9], id="mvrange-leaves-the-end-out"),
    pytest.param("eval x=mvrange(1, 3)", {}, [1, 2], id="mvrange-step-of-1"),
    pytest.param("eval x=mvrange(1, 2)", {}, 1, id="mvrange-one-value"),
    pytest.param("eval x=mvrange(1, 1)", {}, None, id="mvrange-no-value"),
    pytest.param("eval x=mvrange(1, nosuch)", {}, None, id="mvrange-null"),
    pytest.param(
        "eval x=sha256(v)",
        {"v": "abc"},
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        id="sha256-example-of-the-standard",
    ),
    pytest.param("eval x=sha256(v)", {}, None, id="sha256-of-null"),
    pytest.param("eval x=if(isnum(v), 1, 2)", {"v": "1e3"}, 1, id="isnum"),
    pytest.param("eval x=if(isnull(v), 1, 2)", {}, 1, id="isnull"),
    pytest.param("eval a=1, x=a+1", {}, 2, id="assignments-follow-each-other"),
    pytest.param(
        'eval x=if(1==1 OR 1==1 AND 1==2, "and first", "or first")',
        {},
        "and first",
        id="eval-AND-before-OR",
    ),
]

WHERE = [
    pytest.param(
        "where v > 1", [{"v": "2"}, {"v": "1"}, {}], ["2"], id="missing-field-is-not-true"
    ),
    pytest.param("where NOT v > 1", [{"v": "2"}, {"v": "1"}, {}], ["1"], id="nor-is-its-negation"),
    pytest.param("where v != 1", [{"v": "2"}, {"v": "1"}, {}], ["2"], id="nor-is-the-inequality"),
    pytest.param("where NOT (isnotnull(w) AND w > 1)", [A], ["1"], id="false-and-null-is-false"),
    pytest.param("where isnull(w) OR w > 1", [A], ["1"], id="true-or-null-is-true"),
    pytest.param("where NOT (w > 1 OR v == 2)", [A], [], id="null-or-false-is-null"),
    pytest.param('where v == "A"', numbered("a", "A"), ["A"], id="where-is-case-sensitive"),
    pytest.param("where v < 10", numbered("9", "11"), ["9"], id="numbers-not-texts"),
    pytest.param("search v=abc", numbered("ABC", "abcd"), ["ABC"], id="search-ignores-case"),
    pytest.param('search v="a*c"', numbered("ABBC", "abcd"), ["ABBC"], id="search-wildcard"),
    pytest.param("search v=*", [A, {}], ["1"], id="search-star-wants-the-field"),
    pytest.param("search *", [A], ["1"], id="search-star-alone-keeps-all"),
    pytest.param("search v!=1", [A, B, {}], ["2"], id="unequal-drops-rows-without-the-field"),
    pytest.param("search NOT v=1", [A, B, {}], ["2", None], id="NOT-keeps-rows-without-the-field"),
    pytest.param("search v>1", [A, B], ["2"], id="search-compares-numbers"),
    pytest.param("search v IN (1, 3)", [A, B, C], ["1", "3"], id="search-IN"),
    pytest.param('search v IN ("b*")', numbered("BC", "c"), ["BC"], id="search-IN-wildcard"),
    pytest.param("search v=1 OR v=2 v=2", [A, B], ["2"], id="search-OR-before-AND"),
    pytest.param(
        "search v=192.0.2.0/24",
        numbered("192.0.2.9", "198.51.100.1"),
        ["192.0.2.9"],
        id="search-cidr",
    ),
    pytest.param(
        "search v=b", [{"v": ["a", "b"]}], [["a", "b"]], id="search-any-value-of-a-multivalue"
    ),
]

SHAPE = [
    pytest.param("sort 0 v", numbered("10", "9", "1"), ["1", "9", "10"], id="sort-as-numbers"),
    pytest.param("sort 0 -v", [A, {}, C], ["3", "1", None], id="sort-descending-nulls-last"),
    pytest.param("sort 0 v", [C, {}, A], ["1", "3", None], id="sort-ascending-nulls-last"),
    pytest.param("sort 0 - v", [A, C], ["3", "1"], id="sort-sign-apart"),
    pytest.param("sort 1 v", [C, A], ["1"], id="sort-limit"),
    pytest.param("head 2", [A, B, C], ["1", "2"], id="head"),
    pytest.param("dedup v", [A, B, A, {}], ["1", "2"], id="dedup-drops-rows-without-the-field"),
    pytest.param("fillnull v", [A, {}], ["1", "0"], id="fillnull-with-0"),
    pytest.param("fillnull value=- v", [{}], ["-"], id="fillnull-with-a-value"),
    pytest.param("mvexpand v", [{"v": ["a", "b"]}, A, {}], ["a", "b", "1", None], id="mvexpand"),
    pytest.param(
        "rename w AS v", [A, {"w": "9"}], [None, "9"], id="rename-over-a-field-takes-null-too"
    ),
]


REX = [
    pytest.param('rex field=v "(?<x>\\d+)"', "a12b3", "12", id="named-group"),
    pytest.param('rex field=v "(?P<x>b+)"', "abb", "bb", id="other-spelling-of-a-name"),
    pytest.param('rex field=v "^(?<x>b)"', "ab", "old", id="no-match-leaves-the-field"),
    pytest.param('rex field=v "(?<x>z)?a"', "a", "old", id="group-that-took-no-part"),
    pytest.param('rex field=nosuch "(?<x>.)"', "a", "old", id="missing-field"),
    pytest.param('rex field=v "(?<x>\\"[^\\"]+\\")"', 'a"b"', '"b"', id="quotes-in-the-regex"),
    pytest.param('rex field=v "(?<x>[^\\\\\\\\]+)$"', "C:\\a.exe", "a.exe", id="backslash"),
    pytest.param('rex "(?<x>b)"', None, "b", id="raw-by-default"),
    pytest.param(
        'makemv tokenizer="([^\\n]+)" v | eval x=v', "a\nb", ["a", "b"], id="makemv-tokenizer"
    ),
]


@pytest.mark.parametrize(("spl", "value", "expected"), REX)
def test_rex_and_makemv(rows, spl, value, expected):
    event = {"x": "old", **({"_raw": "abc"} if value is None else {"v": value})}
    assert rows(f"search * | {spl}", event)[0].get("x") == expected


@pytest.mark.parametrize(("spl", "events", "expected"), STATS + NESTED)
def test_rows(rows, spl, events, expected):
    assert rows(spl if spl[0] == "|" else f"* | {spl}", *events) == expected


@pytest.mark.parametrize(("spl", "event", "expected"), EVAL)
def test_eval(rows, spl, event, expected):
    assert rows(f"search * | {spl}", event)[0].get("x") == expected


@pytest.mark.parametrize(("spl", "events", "expected"), WHERE + SHAPE)
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


def test_sort_keeps_ten_thousand_rows_unless_0(rows):
    counted = "| makeresults count=10001 | sort {} _time | stats count"
    assert [rows(counted.format(limit))[0]["count"] for limit in ("", "0")] == [10000, 10001]


COLUMNS = [
    pytest.param("stats sum(nosuch) AS s, count BY v", ["v", "s", "count"], id="stats-as-written"),
    pytest.param("stats count BY v | eval a=1", ["v", "count", "a"], id="eval-adds-its-own-last"),
    pytest.param("table b, a, c", ["b", "a", "c"], id="table-fixes-the-order"),
    pytest.param("eval c=1", ["_time", "a", "b", "c", "v"], id="alphabetical-without-table"),
    pytest.param("fields v", ["_time", "v"], id="fields-keeps-internal-fields"),
    pytest.param("table v | appendpipe [stats count | eval a=1]", ["v", "count", "a"], id="nested"),
    pytest.param("xyseries v b a", ["v", "1"], id="xyseries-has-a-column-for-each-y"),
]


@pytest.mark.parametrize(("spl", "expected"), COLUMNS)
def test_columns(search, spl, expected):
    assert search(f"* | {spl}", {"v": "1", "b": "1", "a": "2"}).columns == expected


FREE_TEXT = [
    pytest.param("192.0.2.3", {"a": "192.0.2.3"}, True, id="whole-value"),
    pytest.param("192.0.2.3", {"a": "to 192.0.2.3:443"}, True, id="word-in-a-value"),
    pytest.param("192.0.2.3", {"a": "192.0.2.34"}, False, id="longer-address"),
    pytest.param("192.0.2.3", {"a": "x192.0.2.3"}, False, id="longer-at-the-front"),
    pytest.param("192.0.*", {"a": "192.0.2.3"}, True, id="wildcard"),
    pytest.param("DB8", {"a": "2001:db8::7"}, True, id="group-in-another-case"),
    pytest.param("192.0.2.3", {"host": "192.0.2.3"}, False, id="host-is-not-in-the-text"),
    pytest.param("192.0.2.3 2001", {"a": "192.0.2.3"}, False, id="both-words-needed"),
    pytest.param("NOT *", {"a": "192.0.2.3"}, False, id="nothing-wanted"),
]


@pytest.mark.parametrize(("words", "event", "expected"), FREE_TEXT)
def test_free_text_that_a_subsearch_makes(rows, words, event, expected):
    quoted = " ".join(w if w in ("NOT", "*") else f'\\"{w}\\"' for w in words.split())
    assert bool(rows(f'* [| makeresults | eval search="{quoted}"]', event)) is expected


STREAM = [
    pytest.param("count", [1, 2, 3], id="with-the-current-row"),
    pytest.param("current=f count", [0, 1, 2], id="first-row-counts-0"),
    pytest.param("current=f sum(v)", [None, 1, 3], id="first-row-has-no-value"),
]


@pytest.mark.parametrize(("clause", "expected"), STREAM)
def test_streamstats(rows, clause, expected):
    found = rows(f"* | streamstats {clause} AS n", A, B, C)
    assert [row.get("n") for row in found] == expected
