"""Fail closed: what is not known is an error that names it and its place, never a guess."""

import pytest

from replay import SplError

REFUSED = {
    "command": ("* | nosuch x", "Unknown search command 'nosuch'"),
    "aggregate": ("* | stats nosuchfunc(n)", "The argument 'nosuchfunc(n)' is invalid"),
    "aggregate-without-field": ("* | stats sum", "The argument 'sum' is invalid"),
    "sum-of-a-boolean": ("* | stats sum(eval(a>1))", "'sum(eval(a>1))' is invalid"),
    "option-after-the-aggregates": ("* | stats count allnum=t", "Cannot read '=t'"),
    "stats-option": ("* | stats allnum=t count", "The argument 'allnum=t' is invalid"),
    "name-collision": ("* | stats count, sum(a) AS b BY b", "'b' cannot have the same"),
    "aggregate-wildcard": ("* | stats sum(a*) AS a", "wildcards are not supported"),
    "aggregate-as-by-field": ("* | stats count BY sum(a)", "Cannot read '(a)'"),
    "by-without-field": ("* | stats count BY", "argument 'BY' is invalid"),
    "eval-function": ("* | eval x=nosuch(1)", "'nosuch' function is unsupported"),
    "too-few-arguments": ("* | eval x=lower()", "arguments to the 'lower' function"),
    "too-many-arguments": ("* | eval x=lower(a, b)", "arguments to the 'lower' function"),
    "argument-type": ("* | eval x=lower(1)", "arguments to the 'lower' function"),
    "if-without-boolean": ("* | eval x=if(a, 1, 2)", "arguments to the 'if' function"),
    "case-odd": ("* | eval x=case(a=1)", "arguments to the 'case' function"),
    "now-takes-none": ("* | eval x=now(1)", "arguments to the 'now' function"),
    "boolean-into-a-field": ("* | eval x=a>1", "cannot be assigned a boolean"),
    "text-plus-number": ('* | eval x="1"+1', "'+' only takes"),
    "text-minus-number": ('* | eval x="a"-1', "'-' only takes numbers"),
    "number-against-text": ('* | eval x=if(1=="1", 1, 2)', "received different types"),
    "dot-beside-plus": ("* | eval x=1 . 2 + 3", "Cannot read '+ 3'"),
    "time-format": ('* | eval x=strftime(1, "%J")', "time format '%J'"),
    "time-unit": ('* | eval x=relative_time(now(), "-1fortnight")', "fortnight"),
    "regex": ('* | where match(a, "(")', "regex '(' is invalid"),
    "network": ('* | where cidrmatch("10.0.0.0/33", a)', "'10.0.0.0/33' of"),
    "mvfilter-two-fields": ("* | eval x=mvfilter(a > b)", "exactly one field"),
    "eval-without-expression": ("* | eval x=", "end too early"),
    "where-without-boolean": ("* | where a", "is not Boolean"),
    "number-for-a-boolean": ("* | where a=3 OR 4", "only take Boolean"),
    "lower-case-and": ("* | where a=1 and b=2", "Cannot read 'and b=2'"),
    "free-text": ("word", "free text"),
    "term": ("TERM(word)", "free text"),
    "term-with-a-wildcard": (
        '* [| makeresults | eval search="TERM(192.0.*)"]',
        "no wildcard or major breaker",
    ),
    "time-in-a-search": ("earliest=-1d v=1", "'earliest=' is not supported"),
    "search-order-of-texts": ("v>abc", "compares with no number"),
    "open-bracket": ("(v=1", "end too early"),
    "open-quote": ('* | where a="b', "quotes"),
    "empty-command": ("* | | head", "between two pipes"),
    "head-condition": ("* | head (a>1)", "Cannot read"),
    "sort-desc": ("* | sort a desc", "use + or -"),
    "dedup-count": ("* | dedup 2 v", "a count is not supported"),
    "dedup-option": ("* | dedup v keepevents=t", "'keepevents=t' is invalid"),
    "bin-without-span": ("* | bin _time", "without span="),
    "bin-months": ("* | bin _time span=1mon", "span (1mon) is invalid"),
    "bin-numbers": ("* | bin v span=10", "ranges of numbers"),
    "bin-option": ("* | bin _time span=1h aligntime=0", "'aligntime=0' is invalid"),
    "rename-wildcard": ("* | rename a* AS b*", "wildcards are not"),
    "rename-without-as": ("* | rename a", "end too early"),
    "rex-without-a-group": ('* | rex field=v "(.)"', "at least one named group"),
    "rex-sed": ('* | rex field=v mode=sed "s/a/b/"', "'mode=sed' is invalid"),
    "rex-regex": ('* | rex field=v "(?<x>"', "is invalid"),
    "posix-class": ('* | rex field=v "(?<x>[[:alpha:]])"', "[: is not supported"),
    "rex-without-a-regex": ("* | rex field=v", "end too early"),
    "rex-of-raw": ('* | eval sourcetype="s" | rex "(?<x>.)"', "keeps no _raw of s"),
    "makemv-without-a-pattern": ("* | makemv v", "only knows tokenizer"),
    "makemv-group": ('* | makemv tokenizer="a" v', "has a capturing group"),
    "makemv-option": ("* | makemv setsv=t v", "'setsv=t' is invalid"),
    "streamstats-option": ("* | streamstats reset_on_change=t count", "reset_on_change"),
    "flag": ("* | streamstats current=maybe count", "Invalid value 'maybe'"),
    "generator-in-the-middle": ("* | makeresults", "must be the first command"),
    "makeresults-option": ("| makeresults annotate=t", "'annotate=t' is invalid"),
    "append": ("* | append [| where v=1]", "makes its own rows"),
    "tstats-of-a-field-in-events": (
        "| tstats count WHERE index=* v=1",
        "['v'] are not in the index",
    ),
    "tstats-by-a-field-in-events": (
        "| tstats count WHERE index=* BY v",
        "['v'] are not in the index",
    ),
    "tstats-without-where": ("| tstats count BY host", "functions WHERE filter"),
    "rest-of-another-address": ("| rest /services/server/info splunk_server=local", "replay knows"),
    "rest-of-every-server": (
        "| rest /servicesNS/-/scheduled_transfer/saved/searches",
        "splunk_server=local",
    ),
    "appendpipe-no-brackets": ("* | appendpipe x", "square brackets"),
    "appendpipe-empty-brackets": ("* | appendpipe [ ]", "square brackets"),
    "appendpipe-first-pipe": ("* | appendpipe [| stats count]", "without a pipe"),
    "rest-everywhere": ("| rest /services/authentication/current-context", "splunk_server=local"),
    "rest-option": (
        "| rest /services/authentication/current-context splunk_server=local count=1",
        "and count=0",
    ),
    "rest-of-nobody": (
        "| rest /services/authentication/current-context splunk_server=local",
        "who runs the search is not given",
    ),
    "appendpipe-generator": ("* | appendpipe [makeresults]", "makes its own rows"),
    "appendpipe-option": ("* | appendpipe maxout=5 [head]", "'maxout=5' is invalid"),
    "no-truth-value": ("* | appendpipe run_in_preview=x [head]", "Invalid value 'x'"),
    "appendpipe-unknown": ("* | appendpipe [nosuch]", "Unknown search command"),
    "multisearch-of-one": ("| multisearch [search v=1]", "at least two"),
    "multisearch-text": ("| multisearch [search v=1] x [search v=2]", "only searches in"),
    "multisearch-implicit": ("| multisearch [v=1] [search v=2]", "begin with the search"),
    "multisearch-transforming": (
        "| multisearch [search v=1] [search v=2 | stats count]",
        "'stats' is no str",
    ),
    "multisearch-head": ("| multisearch [search v=1] [search v=2 | head 1]", "'head' is no"),
    "multisearch-later": ("* | multisearch [search v=1] [search v=2]", "must be the first"),
    "subsearch-of-two-fields": ('* [| makeresults | eval search="x=1", y=2]', "one row"),
    "subsearch-of-two-rows": ('* [| makeresults count=2 | eval search="x=1"]', "one row"),
    "subsearch-free-word": ('* [| makeresults | eval search="word"]', "no address"),
    "subsearch-of-events": ("* [search x=1]", "one row with the field search"),
    "subsearch-of-events-by-another-field": (
        '* [search x=1 | stats count | eval search=mvjoin(split("z#1", "#"), "=") | table search]',
        "filters by ['z'], which it does not name",
    ),
    "two-subsearches": ('* [| makeresults | eval a="[ x"] [| makeresults]', "one row"),
    "index-time-in-words": ("_index_earliest=-1h@h", "_index_earliest=EPOCH"),
    "index-time-compared": ("_index_latest>5", "_index_latest=EPOCH"),
    "subsearch-left-open": ("* [| makeresults", "end too early"),
    **{
        f"xyseries {written}": (f"* | xyseries {written}", "xyseries")
        for written in ("day rule", "day rule n m", "grouped=t day rule n", "* a b")
    },
    "subsearch": ("* | where a IN ([search *])", "Cannot read '[search"),
    "lookup": ("* | lookup nosuch ip", "lookup table 'nosuch'"),
    "lookup-field": ("* | lookup networks nosuch AS a", "has no field 'nosuch'"),
    "lookup-output": ("* | lookup networks ip OUTPUT nosuch", "has no field 'nosuch'"),
    "scripted-lookup": ("* | lookup scripted ip", "'scripted'"),
    "iplocation-lang": ("* | iplocation lang=de ip", "lang=de"),
    "iplocation-truth": ("* | iplocation allfields=some ip", "'some' for allfields"),
    "inputlookup-where-in": ('| inputlookup ports where port IN ("1")', "does not know IN"),
    "inputlookup-where-free-text": ("| inputlookup ports where word", "free text"),
    "inputlookup-where-nothing": ("| inputlookup ports where ", "Cannot read"),
    "inputlookup-where-unequal-in-a-collection": ('| inputlookup site where ip!="a"', "say NOT"),
    "inputlookup-where-unquoted-in-a-collection": (
        "| inputlookup site where ip=a",
        "must stand in double quotation marks",
    ),
    "inputlookup-where-order-of-an-untyped-field": (
        "| inputlookup seen where last>3",
        "does not define field.last = number",
    ),
    "outputlookup-unknown": ("* | outputlookup nosuch", "lookup table 'nosuch'"),
    "outputlookup-to-a-script": ("* | outputlookup scripted", "'scripted'"),
    "key-field-of-a-file": ("* | outputlookup key_field=v ports", "is for collections"),
    "create-empty": ("* | outputlookup create_empty=t ports", "create_empty=t' is invalid"),
    "append-maybe": ("* | outputlookup append=x ports", "Invalid value 'x' for append"),
    "command-of-protocol-1": ("* | old", "only chunked = true"),
    "macro": ("* | `nosuch`", "macro 'nosuch' that cannot be found"),
    "macro-arity": ("* | `above(1)`", "macro 'above(1)' that cannot be found"),
    "macro-recursion": ("* | `endless`", "'endless' calls itself"),
    "iseval-macro": ("* | where `computed`", "iseval = 1"),
    "open-backtick": ("* | where `least", "closing backtick"),
}


@pytest.mark.parametrize(("spl", "named"), REFUSED.values(), ids=REFUSED)
def test_refused(search, spl, named):
    with pytest.raises(SplError) as error:
        search(spl, {"v": "1"})
    assert named.lower() in str(error.value).lower()


AT_RUN_TIME = {
    "xyseries-of-two-rows-for-one-place": (
        "* | eval a=1, b=mvindex(v, 0) | appendpipe [eval c=1] | xyseries a b c",
        "two rows for a=1",
    ),
    "comparison-of-a-multivalue": ('* | where v="a"', "multivalue"),
    "text-function-of-a-multivalue": ("* | eval x=lower(v)", "multivalue"),
    "eventstats-by-a-multivalue": ("* | eventstats count BY v", "multivalue"),
    "lookup-of-a-multivalue": ("* | lookup ports port AS v", "multivalue"),
}


@pytest.mark.parametrize(("spl", "named"), AT_RUN_TIME.values(), ids=AT_RUN_TIME)
def test_undocumented_results_are_refused(search, spl, named):
    with pytest.raises(SplError, match=named):
        search(spl, {"v": ["a", "b"]})


def test_error_names_the_search_and_the_command(search):
    with pytest.raises(SplError, match=r'^search ".*", command 3 \(eval\): Error in'):
        search("* | head 1 | eval x=nosuch(1)")


def test_error_at_run_time_names_its_command_only(search):
    with pytest.raises(SplError, match=r"^search .*, command 2 \(where\): a multivalue"):
        search('* | where v="a" | head 1 | stats count', {"v": ["a", "b"]})
