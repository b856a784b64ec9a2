"""A simulated office's logs, the rules run on them, and then what the views ask.

Everything is computed by replay in one run: what the app would have learned by then, the rules as
of the day before and as of now, which store what they find, and the views' searches.
"""

import tempfile
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple, Optional
from zoneinfo import ZoneInfo

from office.demo import LEARNING
from office.generate import write_lists, write_logs
from office.simulation import FIRST_DAY, ZONE, Office, only_planted
from office.verdicts import FURTHER_LOGS, RECORDS, RULE
from replay import Inputs, ReplayError, run
from replay.values import texts
from tests.dashboard.site import runs, write_site
from tests.dashboard.views import Asked, saved_searches
from tests.spl.sites import NOW as SITE_NOW
from tests.spl.sites import sites

SEED = 7
DAY = 86400
PROPOSE = "T1029 - Block Candidates - Propose"
LAG = 15 * 60  # s: what the rules leave out at the end of their windows
DAYS = 14
END = datetime(*FIRST_DAY, tzinfo=ZoneInfo(ZONE)) + timedelta(days=DAYS)
NOW = END.timestamp() + LAG
MOST_ROWS = 1000  # of one result, all that a view can show at once

Result = dict[str, Any]


class Answers(NamedTuple):
    """Results by what was asked, as splunkd's json_cols; what replay refused, with its words."""

    now: float
    results: dict[str, Result]
    refused: dict[str, str]


def answers(questions: Iterable[Asked], office: Optional[Office] = None) -> Answers:
    """Run the app on the logs of an office, and then what is asked."""
    office = office or only_planted(SEED, DAYS)
    with tempfile.TemporaryDirectory(prefix="office-") as folder:
        write_logs(office, Path(folder))
        lists = {**write_lists(Path(folder)), **write_site(Path(folder), NOW)}
        inputs = _inputs(Path(folder))
        return _answered(questions, searches=_history(), inputs=inputs, lookups=lists)


def nothing(questions: Iterable[Asked]) -> Answers:
    """Answer from an installation without a single event and with empty lists."""
    return _answered(questions)


def at_site(questions: Iterable[Asked], name: str) -> Answers:
    """Answer from one of the small sites of tests/spl/sites.py."""
    site = sites()[name]
    logged = tuple(runs([*filter(_is_rule, site.scheduled), ""], SITE_NOW))
    with tempfile.TemporaryDirectory(prefix="site-") as folder:
        lists, app = site.lists(Path(folder)), site.app(Path(folder) / "app")
        inputs = site.inputs._replace(events=site.inputs.events + logged)
        return _answered(questions, inputs=inputs, lookups=lists, app=app, now=SITE_NOW)


def _answered(questions: Iterable[Asked], now: float = NOW, **settings: Any) -> Answers:
    """Part what replay can run from what it refuses, so that one bad search costs no other."""
    unique = sorted(set(questions))
    try:
        return Answers(now, _run(unique, now=now, **settings), {})
    except ReplayError:
        refused = dict(filter(None, map(_refusal, unique)))
    possible = [asked for asked in unique if asked.key not in refused]
    return Answers(now, _run(possible, now=now, **settings), refused)


def _run(questions: list[Asked], **settings: Any) -> dict[str, Result]:
    given = {"searches": [], "inputs": Inputs(), "now": NOW, **settings}
    ran = run(spl=questions, tz=ZONE, **given).results
    found = ran[len(ran) - len(questions) :]
    return {asked.key: json_cols(one.columns, one.rows) for asked, one in zip(questions, found)}


def _refusal(asked: Asked) -> Optional[tuple[str, str]]:
    try:
        _run([asked])
    except ReplayError as refusal:
        return asked.key, str(refusal)
    return None


def _history() -> list[tuple[str, float]]:
    """What has run: the learning searches, the rules two days ago and now, and what follows."""
    due = [*LEARNING, *((rule, moment) for moment in (NOW - 2 * DAY, NOW) for rule in _rules())]
    return [*sorted(due, key=lambda one: one[1]), (PROPOSE, NOW)]


def _rules() -> list[str]:
    return list(filter(_is_rule, saved_searches()))


def _is_rule(name: str) -> bool:
    return name.endswith(RULE)


def _inputs(folder: Path) -> Inputs:
    zeek, sysmon, firewall = ((str(folder / kind),) for kind in ("zeek", "sysmon", "firewall"))
    log = tuple((sourcetype, str(folder / place)) for sourcetype, place in FURTHER_LOGS)
    logged = tuple(runs(_rules(), NOW))
    return Inputs(zeek, sysmon, firewall, log, (str(folder / RECORDS),), logged)


def json_cols(columns: list[str], rows: list[Mapping[str, Any]]) -> Result:
    """Return rows as splunkd does with output_mode=json_cols: all values are text or lists of it.

    >>> json_cols(["a"], [{"a": ["x", "y"]}, {"a": 1}, {}])
    {'fields': [{'name': 'a'}], 'columns': [[['x', 'y'], '1', None]]}
    """
    return {
        "fields": [{"name": name} for name in columns],
        "columns": [[_cell(name, row.get(name)) for row in rows[:MOST_ROWS]] for name in columns],
    }


def _cell(name: str, value: Any) -> Any:
    if name == "_time" and value is not None:
        moment = datetime.fromtimestamp(float(value), ZoneInfo(ZONE))
        return moment.isoformat(timespec="milliseconds")
    values = texts(value)
    return values if len(values) > 1 else values[0] if values else None
