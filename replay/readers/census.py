"""How many of a file's events can count for nothing: they name no pair, or no bytes."""

from collections.abc import Iterator
from functools import cache
from typing import Any, Optional

from ..fields import bytes_of, spellings
from .source import LogFile, Reading, Tally

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
    """Return the events, while the report counts them and what they lack.

    Most events of a file have the same names: those of the last one are looked for first.
    """
    sources, dests = (spellings(*side) for side in SIDES)
    counts = (*spellings(*BYTES), TOTAL)
    source, dest, count = sources[0], dests[0], counts[0]
    expected: dict[str, Optional[str]] = {}
    read = no_pair = no_bytes = 0
    try:
        for event in events:
            read += 1
            sourcetype = event["sourcetype"]
            if sourcetype not in expected:
                expected[sourcetype] = _bytes_of(sourcetype, reading)
            kind = expected[sourcetype]
            if kind and (CODE not in event or event[CODE] == CONNECTION):
                source = source if source in event else _named(sources, event)
                dest = dest if dest in event else _named(dests, event)
                count = count if count in event else _named(counts, event)
                if source not in event or dest not in event:
                    no_pair += 1
                elif count not in event and kind != "none":
                    no_bytes += 1
            yield event
    finally:
        reading.report.tally(log.path).add(Tally(read, no_pair, no_bytes))


def _named(names: tuple[str, ...], event: Event) -> str:
    return next((name for name in names if name in event), names[0])


def _bytes_of(sourcetype: str, reading: Reading) -> Optional[str]:
    found = bytes_of(sourcetype)
    return "both" if found is None and reading.kind == "firewall" else found
