"""The command line: what goes to stdout, what to stderr, and the exit code."""

import csv
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from replay import cli

ROOT = Path(__file__).resolve().parents[2]
RECORD = {"_time": 1767233650, "sourcetype": "test", "src": "10.0.0.1", "n": "007"}


@pytest.fixture
def main(app, capsys):
    """Return a function from arguments to exit code, stdout and stderr, in the small app."""

    def called(*arguments):
        code = cli.main(["--app", str(app), *arguments])
        return code, *capsys.readouterr()

    return called


@pytest.fixture
def events(log):
    return log("events.json", "\n".join(json.dumps(RECORD) for _ in range(3)))


def test_json_shape(main, events):
    code, out, _ = main("--json", events, "--output", "json")
    assert (code, json.loads(out)) == (
        0,
        [
            {
                "search": "Many - Rule",
                "results": [{"src": "10.0.0.1", "count": 3}],
                "stages": [
                    {"command": "search", "rows_out": 3},
                    {"command": "stats", "rows_out": 1},
                    {"command": "where", "rows_out": 1},
                ],
            }
        ],
    )


def test_json_values(main, events):
    spl = '* | head 1 | table n, m | eval m=mvappend(n, "b"), one=1, half=0.5, none=null()'
    _, out, _ = main("--json", events, "--spl", spl, "--output", "json")
    assert json.loads(out)[0]["results"] == [{"n": "007", "m": ["007", "b"], "one": 1, "half": 0.5}]


def test_csv_of_one_search(main, events):
    _, out, _ = main("--json", events, "--output", "csv")
    assert out == "src,count\n10.0.0.1,3\n"


def test_csv_of_several_names_the_search_first(main, events):
    arguments = ("--spl", "* | stats count", "--spl", "* | stats dc(src) AS d")
    _, out, _ = main("--json", events, *arguments, "--output", "csv")
    assert list(csv.reader(io.StringIO(out))) == [
        ["search", "count", "d"],
        ["* | stats count", "3", ""],
        ["* | stats dc(src) AS d", "", "1"],
    ]


def test_csv_is_one_line_a_row(main, log):
    path = log("lines.json", json.dumps({**RECORD, "a": ["one", "two\nlines"]}))
    assert main("--json", path, "--spl", "* | table a", "--output", "csv")[1] == (
        "a\none; two; lines\n"
    )


CELLS = {
    "formula": ("=1+1", "'=1+1"),
    "call": ("@SUM(A1)", "'@SUM(A1)"),
    "minus": ("-2+3", "'-2+3"),
    "number": ("-5.15", "-5.15"),
    "offset": ("+0200", "+0200"),
    "inside": ("a=b", "a=b"),
}


@pytest.mark.parametrize(("value", "cell"), CELLS.values(), ids=CELLS)
def test_csv_has_no_formula(main, events, value, cell):
    spl = f'* | head 1 | eval a="{value}" | table a'
    assert main("--json", events, "--spl", spl, "--output", "csv")[1] == f"a\n{cell}\n"


DETAILS = {
    "details": ["--details"],
    "full-name": ["--search", "Many - Rule"],
    "part-of-a-name": ["--search", "many"],
}


@pytest.mark.parametrize("arguments", DETAILS.values(), ids=DETAILS)
def test_table_of_a_rule_is_labelled(main, events, arguments):
    _, out, _ = main("--json", events, *arguments)
    assert out.startswith("Many - Rule\n1 finding, executed by the project's SPL interpreter")


def test_details_count_what_was_searched(main, events):
    _, out, _ = main("--json", events, "--details", "--now", "2026-01-01T02:00:00Z")
    assert "0 findings in 0 events, executed" in out


def test_table_says_so_when_there_is_no_row(main, events):
    _, out, _ = main("--json", events, "--spl", "src=nosuch")
    assert "0 rows in 3 events, executed" in out


def test_table_without_a_row_or_an_event(main):
    _, out, _ = main("--spl", "| makeresults | where 1==2")
    assert "0 rows, executed" in out


def test_table_breaks_no_markup(main, events):
    _, out, _ = main("--json", events, "--spl", '* | head 1 | eval m="[bold]x[/]" | table m')
    assert "[bold]x[/]" in out


def test_bad_lines_are_reported_and_the_run_is_fine(main, log):
    path = log("events.json", json.dumps(RECORD) + "\n{broken\n")
    code, out, err = main("--json", path, "--spl", "* | stats count", "--output", "csv")
    assert (code, out, f"bad line: {path}, line 2: not JSON" in err) == (0, "count\n1\n", True)


ERRORS = {
    "nothing": ([], "no log was given"),
    "no-log": (["--spl", "* | stats count"], "no log was given"),
    "spl": (["--spl", "* | nosuch"], "Unknown search command 'nosuch'"),
    "search": (["--search", "Nosuch"], "no saved search 'Nosuch'"),
    "file": (["--zeek", "nosuch.log"], "nosuch.log: no such"),
    "zone": (["--tz", "Nowhere/Land"], "unknown time zone"),
    "now": (["--now", "yesterday"], "--now: not a time stamp"),
    "lookup": (["--lookup", "nosuch=x.csv"], "no lookup of that name"),
    "lookup-file": (["--lookup", "ports=nosuch.csv", "--spl", "| inputlookup ports"], "nosuch.csv"),
    "not-recognised": ([__file__], "expected a log of Zeek, Windows, a firewall"),
    "not-a-log": (["--firewall", __file__], "expected a firewall log"),
}


@pytest.mark.parametrize(("arguments", "named"), ERRORS.values(), ids=ERRORS)
def test_errors_exit_with_2(main, arguments, named):
    code, out, err = main(*arguments)
    assert (code, out, named in err, "Traceback" in err) == (2, "", True, False)


USAGE = {
    "unknown-output": ["--output", "xml"],
    "macro-without-value": ["--macro", "novalue"],
    "unknown-option": ["--nosuch"],
    "unknown-variant": ["--emulate", "nosuch"],
    "no-network": ["--own", "office"],
    "no-direction": ["--direction", "up"],
    "no-days": ["--days", "0"],
}


@pytest.mark.parametrize("arguments", USAGE.values(), ids=USAGE)
def test_usage_errors_exit_with_2(arguments):
    with pytest.raises(SystemExit) as error:
        cli.main(arguments)
    assert error.value.code == 2


def test_now_in_iso(main, events):
    _, out, _ = main("--json", events, "--now", "2026-01-01T02:00:00Z", "--output", "json")
    assert json.loads(out)[0]["results"] == []


def test_macro_and_lookup_from_the_command_line(main, events, log):
    path = log("mine.csv", "ip,note\n10.0.0.0/8,mine\n")
    spl = "* | stats count BY src | where count >= `least` | lookup site ip AS src OUTPUT note"
    spl = spl.replace("site ip", "networks ip")
    arguments = ("--lookup", f"networks={path}", "--macro", "least=3", "--spl", spl)
    _, out, _ = main("--json", events, *arguments, "--output", "csv")
    assert out == "src,count,note\n10.0.0.1,3,mine\n"


MACROS = {
    "neither-shipped-nor-called": ("nosuch=1", "error: no macro 'nosuch'; there are: least; "),
    "like-one": ("lest=1", "error: no macro 'lest'; did you mean 'least' or"),
    "called": ("mine=1", ""),
    "shipped": ("computed=1", ""),
    "without-its-arguments": ("above=1", "error: no macro 'above'; did you mean 'above(2)'?"),
}


@pytest.mark.parametrize(("macro", "told"), MACROS.values(), ids=MACROS)
def test_a_macro_that_does_not_exist_is_refused(main, events, macro, told):
    code, _, err = main("--json", events, "--macro", macro, "--spl", '* | eval a="`mine`"')
    assert (code, err[: len(told)]) == (2 if told else 0, told)


SEARCHES = {
    "like-one": ("helpr", "no saved search 'helpr'; did you mean 'Helper'?"),
    "part-of-several": ("rule", "'rule' is a part of several saved searches: Many - Rule; "),
}


@pytest.mark.parametrize(("written", "told"), SEARCHES.values(), ids=SEARCHES)
def test_a_search_that_is_not_clear_is_refused(main, events, written, told):
    assert f"error: {told}" in main("--json", events, "--search", written)[2]


EXIT_CODES = {
    "findings": (["--exit-code"], 1),
    "findings-without-the-option": ([], 0),
    "no-finding": (["--exit-code", "--now", "2026-01-01T02:00:00Z"], 0),
    "as-csv": (["--exit-code", "--output", "csv"], 1),
    "rows-that-are-no-findings": (["--exit-code", "--search", "Helper"], 0),
}


@pytest.mark.parametrize(("arguments", "code"), EXIT_CODES.values(), ids=EXIT_CODES)
def test_exit_code(main, events, arguments, code):
    assert main("--json", events, *arguments)[0] == code


def test_days_stand_for_the_look_back_of_a_saved_search(main, events):
    arguments = ("--json", events, "--now", "2026-01-05T00:00:00Z", "--output", "csv")
    assert main(*arguments, "--days", "3")[1] == "src,count\n"
    assert main(*arguments, "--days", "4")[1] == "src,count\n10.0.0.1,3\n"


def test_version(main, capsys):
    shipped = re.search("^version = (.+)", (ROOT / "default/app.conf").read_text(), re.MULTILINE)
    cli.main(["--version"])
    assert capsys.readouterr().out == f"{shipped[1]}\n"
    assert main("--version")[:2] == (0, "unknown\n")


def test_several_inputs_of_one_kind(main, events):
    arguments = ("--json", events, "--json", events, "--spl", "* | stats count")
    assert main(*arguments, "--output", "csv")[1] == "count\n6\n"


def test_log_with_a_sourcetype(main, log):
    path = log("any.log", "time=2026-01-01T00:00:00Z a=1\n")
    arguments = ("--log", f"mine={path}", "--spl", "sourcetype=mine | stats values(a) AS a")
    assert main(*arguments, "--output", "csv")[1] == "a\n1\n"


ZEEK = "#path\tconn\n#fields\tts\tid.orig_h\n1767233650\t10.0.0.1\n"


def test_paths_need_no_option_and_may_stand_among_options(main, events, log, tmp_path):
    log("zeek/conn.log", ZEEK)
    flows = log("flows.csv", "ts,sa,da,ibyt\n2026-01-01 02:14:10,10.0.0.1,192.0.2.1,5\n")
    spl = "index=* | stats count BY sourcetype | sort 0 sourcetype"
    arguments = (events, "--spl", spl, str(tmp_path / "zeek"), "--output", "csv", flows)
    code, out, _ = main(*arguments)
    assert (code, out) == (0, "sourcetype,count\nnetflow,1\ntest,3\nzeek:conn,1\n")


def test_an_option_overrides_what_a_file_looks_like(main, log):
    path = log("conn.log", json.dumps({"ts": 1767233650, "id.orig_h": "10.0.0.1", "proto": "tcp"}))
    spl = "* | stats count BY sourcetype"
    written = [
        main(*given, "--spl", spl, "--output", "csv")[1]
        for given in ([path], ["--log", f"mine={path}"])
    ]
    assert written == ["sourcetype,count\nbro:conn:json,1\n", "sourcetype,count\nmine,1\n"]


def test_what_events_lack_is_told_once_a_file(main, log):
    path = log("conn.log", ZEEK + "1767233651\t10.0.0.1\n")
    _, _, err = main(path, "--spl", "* | stats count", "--output", "csv")
    assert err == f"{path}: 2 events, of which 2 name no pair\n"


def test_as_a_module(events):
    child = subprocess.run(
        [
            sys.executable,
            "-m",
            "replay",
            "--json",
            events,
            "--spl",
            "* | stats count",
            "--output",
            "csv",
        ],
        cwd=ROOT,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (child.returncode, child.stdout) == (0, "count\n3\n")


AT = {
    "before-the-events": ("Helper@2026-01-01T02:14:10Z", 0),
    "epoch-after-the-events": ("Helper@1767233651", 3),
    "no-time": ("Helper", 3),
}


@pytest.mark.parametrize(("written", "count"), AT.values(), ids=AT)
def test_search_at_a_time(main, events, written, count):
    _, out, _ = main("--json", events, "--search", written, "--output", "csv")
    assert out == f"count\n{count}\n"


def test_an_at_that_no_time_follows_belongs_to_the_name(main, events):
    _, _, err = main("--json", events, "--search", "Nosuch@home")
    assert "no saved search 'Nosuch@home'" in err


def test_emulate(main, events):
    arguments = ("--emulate", "collect-splits-multivalues", "--spl", "* | stats count")
    assert main("--json", events, *arguments, "--output", "csv")[1] == "count\n3\n"


def test_a_user_is_who_runs_the_search(main):
    spl = "| rest /services/authentication/current-context splunk_server=local"
    _, out, _ = main("--spl", spl, "--user", "kim", "--output", "csv")
    assert out.split() == ["username", "kim"]
