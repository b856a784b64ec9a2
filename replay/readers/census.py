"""How many of a file's events can count for nothing: they name no pair, or no bytes."""

from collections.abc import Iterator
from functools import cache
from typing import Any, Callable, Optional

from ..fields import bytes_of, spellings
from .source import LogFile, Reading

Event = dict[str, Any]

SIDES = (("src",), ("dest", "dest_name", "url"))
BYTES = ("orig_bytes", "resp_bytes")
TOTAL = "bytes"
CODE, CONNECTION = "EventCode", "3"


@cache
def names() -> frozenset[str]:
    """Return the fields that are looked at."""
    every = [field for side in (*SIDES, BYTES) for field in side]
    return frozenset({*spellings(*every), TOTAL, CODE})


def counted(events: Iterator[Event], log: LogFile, reading: Reading) -> Iterator[Event]:
    """Return the events, while the report counts them and what they lack."""
    tally = reading.report.tally(log.path)
    has_src, has_dest = (_finder(spellings(*side)) for side in SIDES)
    has_bytes = _finder((*spellings(*BYTES), TOTAL))
    expected: dict[str, Optional[str]] = {}
    for event in events:
        tally.events += 1
        sourcetype = event["sourcetype"]
        if sourcetype not in expected:
            expected[sourcetype] = _bytes_of(sourcetype, reading)
        kind = expected[sourcetype]
        if kind and event.get(CODE, CONNECTION) == CONNECTION:
            if not (has_src(event) and has_dest(event)):
                tally.no_pair += 1
            elif kind != "none" and not has_bytes(event):
                tally.no_bytes += 1
        yield event


def _bytes_of(sourcetype: str, reading: Reading) -> Optional[str]:
    found = bytes_of(sourcetype)
    return "both" if found is None and reading.kind == "firewall" else found


def _finder(spelled: tuple[str, ...]) -> Callable[[Event], bool]:
    """Return what tells whether an event has one of some fields; most have that of the last."""
    last = spelled[0]

    def found(event: Event) -> bool:
        nonlocal last
        if last in event:
            return True
        other = next((name for name in spelled if name in event), None)
        last = other or last
        return other is not None

    return found
