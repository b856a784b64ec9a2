"""A published rule over many pair-hours: its rows beside its SQL's, and Splunk's limits."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from replay import Inputs, Result, run
from replay.limits import LIMITS
from tests.spl.case import Site
from tests.spl.recordings import load, recording
from tests.spl.rules import HIGH_VOLUME
from tests.spl.searches import STORED_WHOLE, by_sql, shaped

from . import connections
from .connections import BEGIN, HOUR, Shape
from .report import Table

# The window ends a quarter of an hour before the run.
LAG = 900


class Compared(NamedTuple):
    """What the rule found, and whether the SQL gives the same."""

    result: Result
    equal: bool

    @property
    def pair_hours(self) -> int:
        """The rows of the first stage after the sensors were compared that keeps some of them."""
        commands = [stage.command for stage in self.result.stages]
        return self.result.stages[commands.index("where", commands.index("sort"))].rows_out


def compared(shape: Shape) -> Compared:
    """Run the rule and its SQL over made-up connections; raises SplError where a limit is passed.

    The window of the run is a week.
    """
    with TemporaryDirectory(prefix="pair-hours-") as folder:
        log = Path(folder) / "conn.json.gz"
        connections.write(log, shape)
        site = Site(BEGIN + shape.hours * HOUR + LAG)
        found = run(
            [HIGH_VOLUME.search], inputs=Inputs(zeek=(str(log),)), now=site.now, macros=STORED_WHOLE
        )
        source = recording(log)
        wanted = by_sql(HIGH_VOLUME, [], site, load=lambda database: load(database, source))
    (result,) = found.results
    return Compared(result, shaped(HIGH_VOLUME, result.rows) == wanted)


def table(found: Compared, name: str, where: str) -> Table:
    """How near the rule came to each limit."""
    held = found.result.held
    lines = [
        [one.setting, one.unit, f"{held.get(one.setting, 0):,}", f"{one.most:,}"] for one in LIMITS
    ]
    verdict = "equal to" if found.equal else "NOT equal to"
    note = (
        f"{name}; {found.pair_hours:,} pair-hours; {len(found.result.rows):,} findings, "
        f"{verdict} those of the rule's SQL. {where}."
    )
    return Table(HIGH_VOLUME.search, note, ("Limit", "of", "held", "most"), lines)
