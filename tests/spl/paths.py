"""The three ways to the hours of a pair: raw events, the hourly summary, the data model."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from replay import Inputs, run
from tests.spl.events import HOUR, write_json_lines

SUMMARY = "T1029 - Hourly Traffic - Summary"
RAW, STORED, MODEL = "raw", "summary", "datamodel"
TRAFFIC = {path: f"`t1029_traffic_{path}`" for path in (RAW, STORED, MODEL)}
LOOKED_BACK = 4 * HOUR

Row = dict[str, object]


def runs(events: Iterable[Mapping[str, object]], every: int = LOOKED_BACK) -> list[tuple]:
    """Return the runs of the summary that between them store every hour of the events."""
    times = [event["_time"] for event in events]
    first = int(min(times) // HOUR) * HOUR
    last = int(max(times) // HOUR) * HOUR + HOUR
    ends = range(first + LOOKED_BACK, last + LOOKED_BACK, every)
    return [(SUMMARY, end + 120) for end in ends]


def hours(path: str, events: list, folder: Path, **settings: object) -> list[Row]:
    """Return the rows of t1029_hourly, ordered."""
    outcome = run(spl=["| `t1029_hourly`"], **_given(path, events, folder, settings))
    return sorted((plain(row) for row in outcome.results[-1].rows), key=repr)


def found(path: str, rule: str, events: list, folder: Path, now: float, **settings: object) -> list:
    """Return what a rule prints, ordered."""
    given = _given(path, events, folder, {"now": now, **settings})
    outcome = run(**{**given, "searches": [*given["searches"], rule]})
    return sorted((plain(row) for row in outcome.results[-1].rows), key=repr)


def _given(path: str, events: list, folder: Path, settings: Mapping[str, object]) -> dict:
    write_json_lines(folder / "events.json", events)
    macros = {"t1029_traffic": TRAFFIC[path], **settings.get("macros", {})}
    stored = settings.get("stored", runs(events)) if path == STORED else []
    others = {name: one for name, one in settings.items() if name not in ("macros", "stored")}
    return {
        "searches": stored,
        "inputs": Inputs(json=(str(folder / "events.json"),)),
        "macros": macros,
        **others,
    }


def plain(row: Row) -> Row:
    """Return a row with numbers as float, and several values as a sorted tuple."""
    return {name: _plain(value) for name, value in row.items() if value not in ("", None)}


def _plain(value: object) -> object:
    if isinstance(value, (list, tuple)):
        return tuple(sorted(map(str, value)))
    try:
        return float(str(value))
    except ValueError:
        return str(value)
