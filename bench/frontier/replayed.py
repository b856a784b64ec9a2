"""The risk of plants from the shipped rules, executed by replay.

`alone`: each plant at a sender of its own, with the site's prevalence as the learned list gives it.
`in_place`: at its own sender, among the site's events.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.pairs import DAY
from replay import Inputs, Outcome, run
from replay.findings import ends, risk
from replay.readers import read_events
from replay.readers.source import Report
from replay.times import moment_of

from .plants import Plant
from .rules import RULES, limit, window
from .site import Site

Event = dict[str, object]
# Plants of one run.
BATCH = 1_000


def addresses(number: int) -> tuple[str, str]:
    """Return a sender and a destination that no other plant has.

    >>> addresses(300)
    ('10.255.1.51', '198.18.1.51')
    """
    high, low = divmod(number, 250)
    return (
        f"10.{255 - high // 250}.{high % 250}.{low + 1}",
        f"198.{18 + high // 250}.{high % 250}.{low + 1}",
    )


def events(plant: Plant, src: str, dest: str) -> Iterator[Event]:
    """Yield what a sensor writes of a plant, in the fields of Zeek; a program as CIM names it."""
    for number, one in enumerate(plant.seen()):
        counts = {"orig_bytes": one.bytes_out, "resp_bytes": one.bytes_in}
        yield {
            "_time": one.epoch,
            "index": "main",
            "sourcetype": "zeek:conn:json",
            "source": "zeek_conn.log",
            "host": "planted",
            "id.orig_h": src,
            "id.orig_p": 20_000 + number % 40_000,
            "id.resp_h": dest,
            "id.resp_p": plant.kind.port,
            "proto": "tcp",
            "service": plant.kind.app,
            **{name: count for name, count in counts.items() if count is not None},
            **({"process": plant.process} if plant.process else {}),
        }


def alone(plants: Sequence[Plant], site: Site) -> list[float]:
    """Return the highest risk of each plant, 0 where no rule reports it."""
    found: list[float] = []
    with TemporaryDirectory(prefix="frontier-") as folder:
        for start in range(0, len(plants), BATCH):
            batch = plants[start : start + BATCH]
            path = Path(folder) / f"{start}.csv"
            _write_list(path, batch)
            pairs = [addresses(number) for number in range(len(batch))]
            written = [event for one, pair in zip(batch, pairs) for event in events(one, *pair)]
            outcome = run(
                RULES,
                inputs=Inputs(events=tuple(written)),
                now=site.now,
                tz=str(site.zone),
                macros=counted(site),
                lookups={"t1029_destinations": path},
            )
            found += _by_pair(outcome, pairs)
    return found


def counted(site: Site) -> dict[str, str]:
    """Return the macro that counts the site's senders in place of the plants'."""
    starts = {moment_of(window(rule).earliest, site.now, site.zone) for rule in RULES}
    cases = ", ".join(
        f"info_min_time >= {start:.0f}, {site.population(start)}"
        for start in sorted(starts, reverse=True)
    )
    spl = f"addinfo | eval senders=0, population=case({cases}) | fields - info_*"
    return {"t1029_count_senders": spl}


def _write_list(path: Path, plants: Sequence[Plant]) -> None:
    """The list of destinations, which tells ages if it was there before the first plant."""
    ages = [one.first_seen for one in plants if one.first_seen]
    begin = min(ages) - limit("learning_days") * DAY if ages else ""
    with path.open("w", newline="") as out:
        lines = csv.writer(out)
        lines.writerow(("dest", "senders", "first_seen"))
        lines.writerow(("*", "", begin))
        for number, one in enumerate(plants):
            lines.writerow((addresses(number)[1], one.senders, one.first_seen or begin))


def _by_pair(outcome: Outcome, pairs: Iterable[tuple[str, str]]) -> list[float]:
    risks: dict[tuple[str, str], float] = {}
    for result in outcome.results:
        for row in result.rows:
            for pair in ends(row):
                risks[pair] = max(risk(row), risks.get(pair, 0.0))
    return [risks.get(pair, 0.0) for pair in pairs]


def in_place(plants: Sequence[Plant], folder: Path, site: Site) -> list[float]:
    """Return the highest risk of plants at their senders, among the events of the site's logs."""
    own = read_events(Inputs(any=(str(folder),)), None, site.zone, Report())
    pairs = [(one.tie.src, addresses(number)[1]) for number, one in enumerate(plants)]
    written = [event for one, pair in zip(plants, pairs) for event in events(one, *pair)]
    outcome = run(RULES, inputs=Inputs(events=(*own, *written)), now=site.now, tz=str(site.zone))
    return _by_pair(outcome, pairs)
