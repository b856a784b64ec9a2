"""A simulated office's logs, the rules run on them, and then whatever the views ask.

Everything is computed by replay in one run: what the app would have learned by then, the rules as
of the day before and as of now, which store what they find, and the views' searches.
"""

import tempfile
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple, Optional
from zoneinfo import ZoneInfo

from office.demo import LEARNING
from office.generate import write_lists, write_logs
from office.traffic import ZONE, Office, only_planted
from office.verdicts import FURTHER_LOGS, RECORDS, RULE
from replay import Inputs, ReplayError, run
from replay.values import texts
from tests.dashboard.views import Asked, saved_searches

SEED = 7
DAY = 86400
LAG = 15 * 60  # s: what the rules leave out at the end of their windows
MOST_ROWS = 1000  # of one result, all that a view can show at once

Result = dict[str, Any]


class Answers(NamedTuple):
    """Results by what was asked, as splunkd's json_cols; what replay refused, with its words."""

    now: float
    results: dict[str, Result]
    refused: dict[str, str]


def answers(questions: Iterable[Asked], office: Optional[Office] = None) -> Answers:
    """Run the app on the logs of an office, and then what is asked."""
    office = office or only_planted(SEED)
    now = office.end + LAG
    possible, refused = _possible(questions, now)
    with tempfile.TemporaryDirectory(prefix="office-") as folder:
        write_logs(office, Path(folder))
        ran = run(
            searches=_history(now),
            spl=possible,
            inputs=_inputs(Path(folder)),
            now=now,
            tz=ZONE,
            lookups=write_lists(Path(folder)),
        )
    found = ran.results[len(ran.results) - len(possible) :]
    results = {asked.key: json_cols(one.columns, one.rows) for asked, one in zip(possible, found)}
    return Answers(now, results, refused)


def nothing(questions: Iterable[Asked], now: float) -> Answers:
    """Answer from an installation without a single event and with empty lists."""
    results, refused = {}, {}
    for asked in dict.fromkeys(questions):
        try:
            (one,) = run(spl=[asked], inputs=Inputs(), now=now, tz=ZONE).results
        except ReplayError as refusal:
            refused[asked.key] = str(refusal)
        else:
            results[asked.key] = json_cols(one.columns, one.rows)
    return Answers(now, results, refused)


def _possible(questions: Iterable[Asked], now: float) -> tuple[list[Asked], dict[str, str]]:
    """Part what replay can run from what it refuses, so that one bad search costs no other."""
    unique = sorted(set(questions))
    try:
        run(spl=unique, inputs=Inputs(), now=now, tz=ZONE)
    except ReplayError:
        refused = nothing(unique, now).refused
        return [asked for asked in unique if asked.key not in refused], refused
    return unique, {}


def _history(now: float) -> list[tuple[str, float]]:
    """What has run up to now: the learning searches, and the rules yesterday and today."""
    rules = [name for name in saved_searches() if name.endswith(RULE)]
    due = [*LEARNING, *((rule, moment) for moment in (now - DAY, now) for rule in rules)]
    return sorted(due, key=lambda one: one[1])


def _inputs(folder: Path) -> Inputs:
    zeek, sysmon, firewall = ((str(folder / kind),) for kind in ("zeek", "sysmon", "firewall"))
    log = tuple((sourcetype, str(folder / place)) for sourcetype, place in FURTHER_LOGS)
    return Inputs(zeek, sysmon, firewall, log, json=(str(folder / RECORDS),))


def json_cols(columns: Iterable[str], rows: list[Mapping[str, Any]]) -> Result:
    """Return rows as splunkd does with output_mode=json_cols: a column for each shown field.

    >>> json_cols(["a", "_b"], [{"a": ["x", "y"]}, {"a": 1}, {}])
    {'fields': [{'name': 'a'}], 'columns': [[['x', 'y'], '1', None]]}
    """
    shown = [name for name in columns if not name.startswith("_") or name in ("_time", "_raw")]
    return {
        "fields": [{"name": name} for name in shown],
        "columns": [[_cell(name, row.get(name)) for row in rows[:MOST_ROWS]] for name in shown],
    }


def _cell(name: str, value: Any) -> Any:
    if name == "_time" and value is not None:
        moment = datetime.fromtimestamp(float(value), ZoneInfo(ZONE))
        return moment.isoformat(timespec="milliseconds")
    values = texts(value)
    return values if len(values) > 1 else values[0] if values else None
