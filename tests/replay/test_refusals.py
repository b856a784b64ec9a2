"""Fail closed: what is not known is an error that names it and its place, never a guess."""

import pytest

from replay import SplError

REFUSED = [
    pytest.param("* | nosuch x", "Unknown search command 'nosuch'", id="command"),
    pytest.param(
        "* | stats nosuchfunc(n)", "The argument 'nosuchfunc(n)' is invalid", id="aggregate"
    ),
    pytest.param("* | stats sum", "The argument 'sum' is invalid", id="aggregate-without-field"),
    pytest.param("* | stats sum(eval(a>1))", "'sum(eval(a>1))' is invalid", id="sum-of-a-boolean"),
    pytest.param("* | stats count allnum=t", "Cannot read '=t'", id="option-after-the-aggregates"),
    pytest.param(
        "* | stats allnum=t count", "The argument 'allnum=t' is invalid", id="stats-option"
    ),
    pytest.param(
        "* | stats count, sum(a) AS b BY b", "'b' cannot have the same", id="name-collision"
    ),
    pytest.param("* | stats sum(a*) AS a", "wildcards are not supported", id="aggregate-wildcard"),
    pytest.param("* | stats count BY sum(a)", "Cannot read '(a)'", id="aggregate-as-by-field"),
    pytest.param("* | stats count BY", "argument 'BY' is invalid", id="by-without-field"),
    pytest.param("* | eval x=nosuch(1)", "'nosuch' function is unsupported", id="eval-function"),
    pytest.param("* | eval x=lower()", "arguments to the 'lower' function", id="too-few-arguments"),
    pytest.param(
        "* | eval x=lower(a, b)", "arguments to the 'lower' function", id="too-many-arguments"
    ),
    pytest.param("* | eval x=lower(1)", "arguments to the 'lower' function", id="argument-type"),
    pytest.param(
        "* | eval x=if(a, 1, 2)", "arguments to the 'if' function", id="if-without-boolean"
    ),
    pytest.param("* | eval x=case(a=1)", "arguments to the 'case' function", id="case-odd"),
    pytest.param("* | eval x=now(1)", "arguments to the 'now' function", id="now-takes-none"),
    pytest.param("* | eval x=a>1", "cannot be assigned a boolean", id="boolean-into-a-field"),
    pytest.param('* | eval x="1"+1', "'+' only takes", id="text-plus-number"),
    pytest.param('* | eval x="a"-1', "'-' only takes numbers", id="text-minus-number"),
    pytest.param(
        '* | eval x=if(1=="1", 1, 2)', "received different types", id="number-against-text"
    ),
    pytest.param("* | eval x=1 . 2 + 3", "Cannot read '+ 3'", id="dot-beside-plus"),
    pytest.param('* | eval x=strftime(1, "%J")', "time format '%J'", id="time-format"),
    pytest.param('* | eval x=relative_time(now(), "-1fortnight")', "fortnight", id="time-unit"),
    pytest.param('* | where match(a, "(")', "regex '(' is invalid", id="regex"),
    pytest.param('* | where cidrmatch("10.0.0.0/33", a)', "'10.0.0.0/33' of", id="network"),
    pytest.param("* | eval x=mvfilter(a > b)", "exactly one field", id="mvfilter-two-fields"),
    pytest.param("* | eval x=", "end too early", id="eval-without-expression"),
    pytest.param("* | where a", "is not Boolean", id="where-without-boolean"),
    pytest.param("* | where a=3 OR 4", "only take Boolean", id="number-for-a-boolean"),
    pytest.param("* | where a=1 and b=2", "Cannot read 'and b=2'", id="lower-case-and"),
    pytest.param("word", "free text", id="free-text"),
    pytest.param("earliest=-1d v=1", "'earliest=' is not supported", id="time-in-a-search"),
    pytest.param("v>abc", "compares with no number", id="search-order-of-texts"),
    pytest.param("(v=1", "end too early", id="open-bracket"),
    pytest.param('* | where a="b', "quotes", id="open-quote"),
    pytest.param("* | | head", "between two pipes", id="empty-command"),
    pytest.param("* | head (a>1)", "Cannot read", id="head-condition"),
    pytest.param("* | sort a desc", "use + or -", id="sort-desc"),
    pytest.param("* | dedup 2 v", "a count is not supported", id="dedup-count"),
    pytest.param("* | dedup v keepevents=t", "'keepevents=t' is invalid", id="dedup-option"),
    pytest.param("* | bin _time", "without span=", id="bin-without-span"),
    pytest.param("* | bin _time span=1mon", "span (1mon) is invalid", id="bin-months"),
    pytest.param("* | bin v span=10", "ranges of numbers", id="bin-numbers"),
    pytest.param("* | bin _time span=1h aligntime=0", "'aligntime=0' is invalid", id="bin-option"),
    pytest.param("* | rename a* AS b*", "wildcards are not", id="rename-wildcard"),
    pytest.param("* | rename a", "end too early", id="rename-without-as"),
    pytest.param('* | rex field=v "(.)"', "at least one named group", id="rex-without-a-group"),
    pytest.param('* | rex field=v mode=sed "s/a/b/"', "'mode=sed' is invalid", id="rex-sed"),
    pytest.param('* | rex field=v "(?<x>"', "is invalid", id="rex-regex"),
    pytest.param('* | rex field=v "(?<x>[[:alpha:]])"', "[: is not supported", id="posix-class"),
    pytest.param("* | rex field=v", "end too early", id="rex-without-a-regex"),
    pytest.param('* | eval sourcetype="s" | rex "(?<x>.)"', "keeps no _raw of s", id="rex-of-raw"),
    pytest.param("* | makemv v", "only knows tokenizer", id="makemv-without-a-pattern"),
    pytest.param('* | makemv tokenizer="a" v', "has a capturing group", id="makemv-group"),
    pytest.param("* | makemv setsv=t v", "'setsv=t' is invalid", id="makemv-option"),
    pytest.param(
        "* | streamstats reset_on_change=t count", "reset_on_change", id="streamstats-option"
    ),
    pytest.param("* | streamstats current=maybe count", "Invalid value 'maybe'", id="flag"),
    pytest.param("* | makeresults", "must be the first command", id="generator-in-the-middle"),
    pytest.param("| makeresults annotate=t", "'annotate=t' is invalid", id="makeresults-option"),
    pytest.param("* | append [search *]", "makes its own rows", id="append"),
    pytest.param("* | appendpipe x", "square brackets", id="appendpipe-no-brackets"),
    pytest.param("* | appendpipe [ ]", "square brackets", id="appendpipe-empty-brackets"),
    pytest.param("* | appendpipe [| stats count]", "without a pipe", id="appendpipe-first-pipe"),
    pytest.param("* | appendpipe [makeresults]", "makes its own rows", id="appendpipe-generator"),
    pytest.param("* | appendpipe maxout=5 [head]", "'maxout=5' is invalid", id="appendpipe-option"),
    pytest.param(
        "* | appendpipe run_in_preview=x [head]", "Invalid value 'x'", id="no-truth-value"
    ),
    pytest.param("* | appendpipe [nosuch]", "Unknown search command", id="appendpipe-unknown"),
    pytest.param("| multisearch [search v=1]", "at least two", id="multisearch-of-one"),
    pytest.param(
        "| multisearch [search v=1] x [search v=2]", "only searches in", id="multisearch-text"
    ),
    pytest.param(
        "| multisearch [v=1] [search v=2]", "begin with the search", id="multisearch-implicit"
    ),
    pytest.param(
        "| multisearch [search v=1] [search v=2 | stats count]",
        "'stats' is no str",
        id="multisearch-transforming",
    ),
    pytest.param(
        "| multisearch [search v=1] [search v=2 | head 1]", "'head' is no", id="multisearch-head"
    ),
    pytest.param(
        "* | multisearch [search v=1] [search v=2]", "must be the first", id="multisearch-later"
    ),
    pytest.param(
        '* [| makeresults | eval search="x=1", y=2]', "one row", id="subsearch-of-two-fields"
    ),
    pytest.param(
        '* [| makeresults count=2 | eval search="x=1"]', "one row", id="subsearch-of-two-rows"
    ),
    pytest.param('* [| makeresults | eval search="word"]', "no address", id="subsearch-free-word"),
    pytest.param("* [search x=1]", "makes its own rows", id="subsearch-of-events"),
    pytest.param(
        '* [| makeresults | eval a="[ x"] [| makeresults]', "one subsearch", id="two-subsearches"
    ),
    pytest.param("* [| makeresults", "end too early", id="subsearch-left-open"),
    *(
        pytest.param(f"* | xyseries {written}", "xyseries", id=f"xyseries {written}")
        for written in ("day rule", "day rule n m", "grouped=t day rule n", "* a b")
    ),
    pytest.param("* | where a IN ([search *])", "Cannot read '[search", id="subsearch"),
    pytest.param("* | lookup nosuch ip", "lookup table 'nosuch'", id="lookup"),
    pytest.param("* | lookup networks nosuch AS a", "has no field 'nosuch'", id="lookup-field"),
    pytest.param(
        "* | lookup networks ip OUTPUT nosuch", "has no field 'nosuch'", id="lookup-output"
    ),
    pytest.param("* | lookup scripted ip", "'scripted'", id="scripted-lookup"),
    pytest.param(
        '| inputlookup ports where port IN ("1")', "does not know IN", id="inputlookup-where-in"
    ),
    pytest.param("| inputlookup ports where word", "free text", id="inputlookup-where-free-text"),
    pytest.param("| inputlookup ports where ", "Cannot read", id="inputlookup-where-nothing"),
    pytest.param(
        '| inputlookup site where ip!="a"',
        "say NOT",
        id="inputlookup-where-unequal-in-a-collection",
    ),
    pytest.param(
        "| inputlookup site where ip=a",
        "must stand in double quotation marks",
        id="inputlookup-where-unquoted-in-a-collection",
    ),
    pytest.param(
        "| inputlookup seen where last>3",
        "does not define field.last = number",
        id="inputlookup-where-order-of-an-untyped-field",
    ),
    pytest.param("* | outputlookup nosuch", "lookup table 'nosuch'", id="outputlookup-unknown"),
    pytest.param("* | outputlookup scripted", "'scripted'", id="outputlookup-to-a-script"),
    pytest.param(
        "* | outputlookup key_field=v ports", "is for collections", id="key-field-of-a-file"
    ),
    pytest.param(
        "* | outputlookup create_empty=t ports", "create_empty=t' is invalid", id="create-empty"
    ),
    pytest.param(
        "* | outputlookup append=x ports", "Invalid value 'x' for append", id="append-maybe"
    ),
    pytest.param("* | old", "only chunked = true", id="command-of-protocol-1"),
    pytest.param("* | `nosuch`", "macro 'nosuch' that cannot be found", id="macro"),
    pytest.param("* | `above(1)`", "macro 'above(1)' that cannot be found", id="macro-arity"),
    pytest.param("* | `endless`", "'endless' calls itself", id="macro-recursion"),
    pytest.param("* | where `computed`", "iseval = 1", id="iseval-macro"),
    pytest.param("* | where `least", "closing backtick", id="open-backtick"),
]


@pytest.mark.parametrize(("spl", "named"), REFUSED)
def test_refused(search, spl, named):
    with pytest.raises(SplError) as error:
        search(spl, {"v": "1"})
    assert named.lower() in str(error.value).lower()


AT_RUN_TIME = [
    pytest.param(
        "* | eval a=1, b=mvindex(v, 0) | appendpipe [eval c=1] | xyseries a b c",
        "two rows for a=1",
        id="xyseries-of-two-rows-for-one-place",
    ),
    pytest.param('* | where v="a"', "multivalue", id="comparison-of-a-multivalue"),
    pytest.param("* | eval x=lower(v)", "multivalue", id="text-function-of-a-multivalue"),
    pytest.param("* | eventstats count BY v", "multivalue", id="eventstats-by-a-multivalue"),
    pytest.param("* | lookup ports port AS v", "multivalue", id="lookup-of-a-multivalue"),
]


@pytest.mark.parametrize(("spl", "named"), AT_RUN_TIME)
def test_undocumented_results_are_refused(search, spl, named):
    with pytest.raises(SplError, match=named):
        search(spl, {"v": ["a", "b"]})


def test_error_names_the_search_and_the_command(search):
    with pytest.raises(SplError, match=r'^search ".*", command 3 \(eval\): Error in'):
        search("* | head 1 | eval x=nosuch(1)")


def test_error_at_run_time_names_its_command_only(search):
    with pytest.raises(SplError, match=r"^search .*, command 2 \(where\): a multivalue"):
        search('* | where v="a" | head 1 | stats count', {"v": ["a", "b"]})
