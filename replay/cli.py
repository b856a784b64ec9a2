"""The command line: python -m replay."""

import argparse
import ipaddress
import re
import sys
from functools import partial
from pathlib import Path
from typing import Callable, NoReturn, Optional, Union

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn

from . import first_look, render, supported, times
from .app import APP, RULE_SUFFIX, App
from .conf import read_conf
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


class _Parser(argparse.ArgumentParser):
    """Tells what is wrong without the whole usage before it."""

    def error(self, message: str) -> NoReturn:
        self.exit(EXIT_ERROR, f"error: {message}; --help lists the options\n")


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    made = _Parser(
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
    add("--own", metavar="NETWORK", **several, type=_network, help="a network that is inside")
    which = "connections to search, by which side is inside; default: outbound"
    add("--direction", choices=(*first_look.DIRECTIONS, "any"), help=which)
    back = "days that every saved search looks back, in place of its own look-back"
    add("--days", metavar="N", type=_days, help=back)
    add("--output", choices=("table", "json", "csv"), default="table")
    add("--details", action="store_true", help="print the findings of each rule, with reasons")
    add("--exit-code", action="store_true", help="exit with 1 if there are findings")
    add("--version", action="store_true", help="print the app's version, and end")
    known = "print the commands, functions and options that replay knows, and end"
    add("--supported", action="store_true", help=known)
    return made


def _network(written: str) -> str:
    try:
        return str(ipaddress.ip_network(written, strict=False))
    except ValueError:
        message = f"'{written}' is no network, such as 203.0.113.0/24"
        raise argparse.ArgumentTypeError(message) from None


def _days(written: str) -> int:
    if not re.fullmatch("0*[1-9][0-9]{0,4}", written):
        raise argparse.ArgumentTypeError(f"'{written}' is no number of days, such as 7")
    return int(written)


def _named(written: str) -> tuple[str, str]:
    name, sign, value = written.partition("=")
    if not name or not sign:
        raise argparse.ArgumentTypeError(f"'{written}' is not of the form NAME=VALUE")
    return name, value


def main(arguments: Optional[list[str]] = None) -> int:
    """Run and return the exit code: 0, 1 for findings if asked, 2 for what could not be run."""
    options = parser().parse_intermixed_args(arguments)
    errors = Console(stderr=True, highlight=False, soft_wrap=True)
    try:
        if options.supported or options.version:
            _show(supported.table() if options.supported else _version(options.app))
            return 0
        settings = _settings(options)
        looks = options.output == "table" and not (options.details or options.search or options.spl)
        beside = {"beside": partial(first_look.searches, days=options.days)} if looks else {}
        outcome = _run({**settings, **beside}, errors)
        shown = _looked(outcome, settings) if looks else _written(outcome, options)
    except ReplayError as error:
        errors.print(f"error: {error}", markup=False)
        return EXIT_ERROR
    except KeyboardInterrupt:
        errors.print("stopped")
        return 130
    for message in outcome.report.messages() + list(dict.fromkeys(outcome.warnings)):
        errors.print(message, markup=False)
    _show(shown)
    rules = (one for one in outcome.results if one.search.endswith(options.rule_suffix))
    return int(options.exit_code and any(one.rows for one in rules))


def _version(app: Path) -> str:
    return read_conf(app, "app").get("launcher", {}).get("version", "unknown")


def _looked(outcome: Outcome, settings: dict) -> Callable[[], None]:
    app = App.at(*(settings[name] for name in ("app", "lookups", "macros")))
    shared = {name: value for name, value in settings.items() if name not in ("searches", "days")}
    look = first_look.seen(outcome, app, times.zone(settings["tz"]), partial(run, **shared))
    return lambda: first_look.show(look, _console(first_look.WIDTH))


def _written(outcome: Outcome, options: argparse.Namespace) -> Union[str, Callable[[], None]]:
    if options.output != "table":
        return {"json": render.as_json, "csv": render.as_csv}[options.output](outcome)
    return lambda: render.print_tables(outcome, _console(TABLE_WIDTH), options.rule_suffix)


def _show(shown: Union[str, Callable[[], None]]) -> None:
    try:
        if callable(shown):
            shown()
        else:
            sys.stdout.write(shown + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        sys.stderr.close()


def _console(width: int) -> Console:
    """Return the terminal, or a page of a width where stdout is none."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=width)


def _settings(options: argparse.Namespace) -> dict:
    """Return the arguments of `run` that the options stand for."""
    given = {kind: tuple(getattr(options, kind)) for kind in (*INPUTS, "log", "any")}
    inputs = Inputs(**given)
    tz = times.zone(options.tz)
    return {
        "searches": options.search and [_search(name, tz) for name in options.search],
        "spl": options.spl,
        "inputs": inputs if any(inputs) else None,
        "now": _moment(options.now, tz),
        "tz": options.tz,
        "lookups": {name: Path(path) for name, path in options.lookup},
        "macros": {**_scope(options), **dict(options.macro)},
        "app": options.app,
        "rule_suffix": options.rule_suffix,
        "emulate": options.emulate,
        "user": options.user,
        "days": options.days,
    }


def _scope(options: argparse.Namespace) -> dict[str, str]:
    """Return the macros that --own and --direction stand for."""
    own = " OR ".join(f'cidrmatch("{network}", $address$)' for network in options.own)
    chosen = first_look.DIRECTIONS if options.direction == "any" else (options.direction,)
    quoted = ", ".join(f'"{one}"' for one in chosen)
    macros = {"t1029_own_networks(1)": own} if own else {}
    return (
        {**macros, "t1029_direction": f"direction IN ({quoted})"} if options.direction else macros
    )


def _run(settings: dict, errors: Console) -> Outcome:
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
