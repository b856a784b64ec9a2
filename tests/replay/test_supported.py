"""What replay says that it knows is what it knows: each name and option in an example that runs."""

import re

import pytest

from replay import SplError, cli
from replay.aggregates import AGGREGATES
from replay.commands import COMMANDS
from replay.expressions import functions_known
from replay.supported import commands, table

COMMAND_EXAMPLES = {
    "addinfo": "* | addinfo",
    "append": "* | append [| makeresults]",
    "appendpipe": "* | appendpipe run_in_preview=t [head 1]",
    "bin": "* | bin span=1h _time",
    "dedup": "* | dedup v",
    "eval": "* | eval a=1, b=2",
    "eventstats": "* | eventstats count BY v",
    "fields": "* | fields - v",
    "fillnull": "* | fillnull value=x a",
    "head": "* | head 2",
    "inputlookup": '* | inputlookup append=t ports where port="443"',
    "iplocation": "* | iplocation prefix=at_ allfields=t v",
    "lookup": "* | lookup local=f ports port AS v OUTPUT name",
    "makemv": '* | makemv tokenizer="(.)" v',
    "makeresults": "| makeresults count=2",
    "multisearch": "| multisearch [search v=1] [search v=2]",
    "mvexpand": "* | mvexpand v",
    "outputlookup": "* | outputlookup append=t override_if_empty=t key_field=v seen",
    "rename": "* | rename v AS w",
    "rest": "| rest /servicesNS/-/scheduled_transfer/saved/searches splunk_server=local count=0",
    "rex": '* | rex field=v "(?<w>.)"',
    "search": "* | search v IN (1, 2)",
    "sort": "* | sort 0 -v",
    "stats": "* | stats count BY v",
    "streamstats": "* | streamstats current=f count",
    "table": "* | table v",
    "tstats": "| tstats count WHERE index=main BY sourcetype",
    "where": "* | where v=1",
    "xyseries": "* | xyseries v a b",
}
FUNCTION_EXAMPLES = (
    "case(v=1, 2) ceiling(v) coalesce(v, 1) floor(v) if(v=1, 1, 2) len(v) log(v) lower(v)"
    " max(v, 1) min(v, 1) mvappend(v, 1) mvcount(v) mvdedup(v) mvfilter(v=1) mvindex(v, 0)"
    ' mvjoin(v, ",") mvmap(v, v+1) mvrange(1, 3) mvsort(v) now() null()'
    ' relative_time(v, "-1d") replace(v, "1", "2") round(v, 1) sha256(v) split(v, ",")'
    ' strftime(v, "%H") strptime(v, "%s") substr(v, 1) tonumber(v) urldecode(v)'
)
CONDITION_EXAMPLES = (
    'cidrmatch("10.0.0.0/8", v) false() in(v, 1, 2) isnotnull(v) isnull(v) isnum(v)'
    ' like(v, "1%") match(v, "1") true()'
)


def calls(written):
    return re.findall(r"\w+\([^()]*\)", written)


def named(examples):
    return {call.partition("(")[0] for call in examples}


def test_every_command_has_an_example():
    assert set(COMMAND_EXAMPLES) == set(COMMANDS)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_command_runs_with_all_its_options(search, name):
    shown = COMMAND_EXAMPLES[name]
    assert [option for option in COMMANDS[name].options if f"{option}=" not in shown] == []
    search(shown, {"v": "1"}, user="kim")


@pytest.mark.parametrize("name", sorted(set(COMMANDS) - {"search", "where", "eval"}))
def test_another_option_is_refused(search, name):
    head, bar, tail = COMMAND_EXAMPLES[name].rpartition(f"| {name}")
    with pytest.raises(SplError):
        search(f"{head}{bar} nosuch=1{tail}", {"v": "1"})


def test_every_function_of_eval_runs(rows):
    values, conditions = calls(FUNCTION_EXAMPLES), calls(CONDITION_EXAMPLES)
    assert named([*values, *conditions]) == functions_known()
    for call in values:
        rows(f"* | eval x={call}", {"v": "1"})
    for call in conditions:
        rows(f"* | where {call}", {"v": "1"})


@pytest.mark.parametrize("name", [*AGGREGATES, "p90", "perc50"])
def test_every_aggregate_runs(rows, name):
    assert len(rows(f"* | stats {name}(v) AS x", {"v": "1"})) == 1


def test_the_table_names_them_all_and_is_printed(capsys):
    assert (cli.main(["--supported"]), capsys.readouterr().out) == (0, table() + "\n")
    assert {line.split()[0] for line in commands()} == set(COMMANDS)
    words = set(re.findall(r"\w+", table()))
    assert words >= {*COMMANDS, *functions_known(), *AGGREGATES}


@pytest.mark.parametrize("line", list(commands()))
def test_every_command_says_what_it_does(line):
    assert re.fullmatch(r"\w+.* \([a-z ]+\): .{10,}", line)
