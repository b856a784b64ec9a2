"""CPU time of the search command beside a stock SDK command that copies its rows, in processes.

Both read the same chunk; what a chunk of one row takes is start-up, and is left out.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple

import splunklib

from command_input import NOTHING_KNOWN
from replay.chunked import SPLUNK_VERSION, encode_rows, write_chunk

from . import SCORER_HOME, services
from .simulator import FIRST_MIDNIGHT

DAY = 86_400
ROWS, OBSERVATIONS, DAYS, ROUNDS = 4_000, 20, 3, 7
STOCK = """
import sys
from splunklib.searchcommands import Configuration, StreamingCommand, dispatch
@Configuration()
class Copy(StreamingCommand):
    def stream(self, records):
        yield from records
dispatch(Copy, sys.argv, sys.stdin, sys.stdout, __name__)
"""


def unscheduled(rng: Random) -> dict[str, str]:
    """A row of a pair that talks at any time of any day, with the fields that the rules send."""
    window = range(FIRST_MIDNIGHT, FIRST_MIDNIGHT + DAYS * DAY)
    epochs = sorted(rng.sample(window, OBSERVATIONS))
    sent = [int(10 ** rng.uniform(2, 6)) for _ in epochs]
    dest = f"192.0.2.{rng.randint(1, 250)}"
    return {
        "src": f"10.0.0.{rng.randint(1, 250)}",
        "dest": dest,
        "connections": str(rng.randint(OBSERVATIONS, 900)),
        "total_bytes": str(sum(sent)),
        "peak_bytes": str(max(sent)),
        "bytes_in": str(rng.randint(10**4, 10**7)),
        "earliest": f"{epochs[0]}.311633",
        "latest": f"{epochs[-1]}.650615",
        "observations": " ".join(map("{}:{}".format, epochs, sent)),
        "days": str(DAYS),
        "senders": str(rng.randint(1, 40)),
        "population": "240",
        "host": "zeek",
        **services.of_port("443"),
        "app": "ssl",
        "count": str(OBSERVATIONS),
        "floor": "3",
        "dest_ip": dest,
        "bin_seconds": "60",
        "window_start": str(window.start),
        "window_end": str(window.stop),
        "utc_offset": "+0000",
    }


def spoken(rows: Sequence[dict[str, str]], chunk: Path) -> None:
    """What splunkd would send, in a file."""
    info = {**NOTHING_KNOWN, "sid": "1", "splunk_version": SPLUNK_VERSION}
    with chunk.open("wb") as pipe:
        write_chunk(pipe, {"action": "getinfo", "preview": False, "searchinfo": info})
        write_chunk(pipe, {"action": "execute", "finished": True}, encode_rows(rows))


def cpu_seconds(command: Sequence[str], chunk: Path, library: Path) -> float:
    """User and system time of one process."""
    environment = {**os.environ, "PYTHONPATH": str(library)}
    with chunk.open("rb") as pipe, tempfile.TemporaryFile() as answer:
        process = subprocess.Popen(command, stdin=pipe, stdout=answer, env=environment)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.WEXITSTATUS(status)
        rows = answer.tell() if process.returncode == 0 else 0
    if not rows:
        raise RuntimeError(f"no answer: {' '.join(command)}")
    return used.ru_utime + used.ru_stime


class Cost(NamedTuple):
    """CPU seconds a row of the search command and of the stock one, and the ratio of the two, as
    medians."""

    ours: float
    stock: float
    ratio: float


def measured(python: str) -> Cost:
    """Rounds of both commands in turn."""
    rng = Random(20)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "splunklib").symlink_to(Path(splunklib.__file__).parent)
        (home / "stock.py").write_text(STOCK)
        many, one = home / "many", home / "one"
        rows = [unscheduled(rng) for _ in range(ROWS)]
        spoken(rows, many)
        spoken(rows[:1], one)
        scripts = (Path(SCORER_HOME) / "schedulescore.py", home / "stock.py")
        rounds = []
        for _ in range(ROUNDS):
            commands = [[python, str(script)] for script in scripts]
            rounds.append(
                [
                    (cpu_seconds(command, many, home) - cpu_seconds(command, one, home)) / ROWS
                    for command in commands
                ]
            )
    ours, stock = map(statistics.median, zip(*rounds))
    return Cost(ours, stock, statistics.median([mine / theirs for mine, theirs in rounds]))
