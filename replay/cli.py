"""The command line: python -m replay."""

import argparse
import sys
from pathlib import Path
from typing import Optional

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn

from . import render, supported, times
from .app import APP, RULE_SUFFIX
from .engine import VARIANTS, Outcome, run
from .errors import InputError, ReplayError
from .readers import Inputs

EXIT_ERROR = 2
SHOWN_EVERY = 5_000
ANNOUNCED_EVERY = 250_000
TABLE_WIDTH = 120


# The kinds of input, and what is read of each.
INPUTS = {
    "zeek": "Zeek logs (tab-separated, JSON, CSV, ECS)",
    "sysmon": "Windows events (XML, JSON, CSV or text, of many shippers and tools)",
    "firewall": "firewall and flow logs: key=value (FortiGate, Juniper, Check Point, ...), Palo "
    "Alto TRAFFIC, nfdump, clouds, CSV or JSON under CIM or ECS names",
    "json": "records that name their sourcetype: JSON, or CSV as Splunk exports it",
}
# Options that may be given several times, of the form NAME=VALUE.
PAIRS = {
    "log": ("SOURCETYPE=F", "any log"),
    "lookup": ("NAME=F", "a lookup's rows"),
    "macro": ("NAME=TEXT", "a macro's text"),
}
SEARCH = (
    "a saved search, run as of TIME if given; several run in turn, each sees what those before it "
    "stored; default: all rules"
)


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    made = argparse.ArgumentParser(
        prog="python -m replay",
        description="Run the app's searches on log files, without Splunk. "
        "F is a file, a folder or a pattern; .gz, .bz2, .xz and .zst are read as they are.",
    )
    add = made.add_argument
    several = {"action": "append", "default": []}
    add("any", metavar="F", nargs="*", help="logs whose format is recognised; options override it")
    for name, text in INPUTS.items():
        add(f"--{name}", metavar="F", **several, help=text)
    for name, (form, text) in PAIRS.items():
        add(f"--{name}", metavar=form, **several, type=_named, help=text)
    add("--search", metavar="NAME[@TIME]", action="append", help=SEARCH)
    add("--spl", metavar="TEXT", **several, help="a search over all events given")
    now = "ISO 8601 or epoch; default: just after the newest event, a rule's lag included"
    add("--now", metavar="TIME", help=now)
    add("--tz", metavar="ZONE", default="UTC", help="time zone of the searches; default UTC")
    add("--user", metavar="NAME", help="who runs the searches, for those that ask")
    variants = f"a way in which installations of Splunk differ: {', '.join(VARIANTS)}"
    add("--emulate", metavar="VARIANT", **several, choices=VARIANTS, help=variants)
    add("--app", metavar="DIR", type=Path, default=APP, help="the app; default: this one")
    suffix = f"how the names of an app's rules end; default '{RULE_SUFFIX}'"
    add("--rule-suffix", metavar="TEXT", default=RULE_SUFFIX, help=suffix)
    add("--output", choices=("table", "json", "csv"), default="table")
    known = "print the commands, functions and options that replay knows, and end"
    add("--supported", action="store_true", help=known)
    return made


def _named(written: str) -> tuple[str, str]:
    name, sign, value = written.partition("=")
    if not name or not sign:
        raise argparse.ArgumentTypeError(f"'{written}' is not of the form NAME=VALUE")
    return name, value


def main(arguments: Optional[list[str]] = None) -> int:
    """Run and return the exit code: 0, or 2 for anything that could not be run."""
    options = parser().parse_intermixed_args(arguments)
    if options.supported:
        return _show(supported.table())
    errors = Console(stderr=True, highlight=False, soft_wrap=True)
    try:
        outcome = _run(options, errors)
        written = _written(outcome, options.output)
    except ReplayError as error:
        errors.print(f"error: {error}", markup=False)
        return EXIT_ERROR
    except KeyboardInterrupt:
        errors.print("stopped")
        return 130
    for message in outcome.report.messages() + list(dict.fromkeys(outcome.warnings)):
        errors.print(message, markup=False)
    return _show(written, outcome)


def _written(outcome: Outcome, form: str) -> Optional[str]:
    return {"json": render.as_json, "csv": render.as_csv}.get(form, lambda _: None)(outcome)


def _show(written: Optional[str], outcome: Optional[Outcome] = None) -> int:
    try:
        if written is not None:
            sys.stdout.write(written + "\n")
        else:
            render.print_tables(outcome, _results_console())
        sys.stdout.flush()
    except BrokenPipeError:
        sys.stderr.close()
    return 0


def _results_console() -> Console:
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=TABLE_WIDTH)


def _run(options: argparse.Namespace, errors: Console) -> Outcome:
    inputs = Inputs(
        zeek=tuple(options.zeek),
        sysmon=tuple(options.sysmon),
        firewall=tuple(options.firewall),
        log=tuple(options.log),
        json=tuple(options.json),
        any=tuple(options.any),
    )
    tz = times.zone(options.tz)
    settings: dict = {
        "searches": options.search and [_search(name, tz) for name in options.search],
        "spl": options.spl,
        "inputs": inputs if any(inputs) else None,
        "now": _moment(options.now, tz),
        "tz": options.tz,
        "lookups": {name: Path(path) for name, path in options.lookup},
        "macros": dict(options.macro),
        "app": options.app,
        "rule_suffix": options.rule_suffix,
        "emulate": options.emulate,
        "user": options.user,
    }
    if not errors.is_terminal:
        return run(**settings, progress=_announced(errors))
    columns = (SpinnerColumn(), TextColumn("{task.description}"))
    # Without a thread of its own, beside which files cannot be read on other cores.
    with Progress(*columns, console=errors, transient=True, auto_refresh=False) as shown:
        return run(**settings, progress=_counter(shown))


def _search(written: str, tz):
    """Return a name, or a name and a time; an @ that no time follows belongs to the name."""
    name, sign, moment = written.rpartition("@")
    try:
        return (name, times.timestamp(moment, tz)) if sign else written
    except ValueError:
        return written


def _moment(written: Optional[str], tz) -> Optional[float]:
    if written is None:
        return None
    try:
        return times.timestamp(written, tz)
    except ValueError as error:
        raise InputError(f"--now: {error}") from None


def _announced(errors: Console):
    """Return what says now and then how far it is, where stderr is no terminal."""

    def counted(path, events):
        for count, event in enumerate(events, 1):
            if count % ANNOUNCED_EVERY == 0:
                errors.print(f"{path}: {count:,} events read", markup=False)
            yield event

    return counted


def _counter(shown: Progress):
    """Return what counts the events of a file on a terminal while they are read."""

    def counted(path, events):
        task = shown.add_task(f"reading {path.name}", total=None)
        for count, event in enumerate(events, 1):
            if count % SHOWN_EVERY == 0:
                counted_so_far = f"reading {path.name}: {count:,} events"
                shown.update(task, description=counted_so_far, refresh=True)
            yield event
        shown.update(task, description=f"read {path.name}", refresh=True)

    return counted
