"""What a command used: wall time, CPU time and peak memory of its whole tree of processes."""

from __future__ import annotations

import os
import platform
import resource
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

PROC = Path("/proc")
# Seconds between two looks at the memory; the share of the time that looking may take, as it
# walks all pages.
EVERY, SHARE = 0.2, 0.05
KILOBYTE, GIGABYTE = 1024, 10**9


class Used(NamedTuple):
    """Seconds of wall and CPU time (user and system), and bytes of memory at the peak.

    Memory is proportional (PSS): pages that processes share count once.
    """

    wall: float
    cpu: float
    peak: int


def used(command: Sequence[str], output: Path, cwd: Path) -> Used:
    """Run a command, with its output to a file; raises CalledProcessError where it fails."""
    before, started, peak = _cpu(), time.monotonic(), 0
    with output.open("wb") as out, subprocess.Popen(command, stdout=out, cwd=cwd) as process:
        while process.poll() is None:
            looked = time.monotonic()
            peak = max(peak, sum(map(memory, tree(process.pid))))
            time.sleep(max(EVERY, (time.monotonic() - looked) / SHARE))
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return Used(time.monotonic() - started, _cpu() - before, peak)


def _cpu() -> float:
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def tree(process: int) -> Iterator[int]:
    """Return a process and those that it has started, and so on."""
    yield process
    for task in (PROC / str(process) / "task").glob("*/children"):
        for child in _read(task).split():
            yield from tree(int(child))


def memory(process: int) -> int:
    """Return the bytes of memory of a process, 0 where it has ended."""
    for line in _read(PROC / str(process) / "smaps_rollup").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * KILOBYTE
    return 0


def _read(place: Path) -> str:
    try:
        return place.read_text()
    except OSError:
        return ""


def machine() -> str:
    """Describe this machine in a line."""
    model = next(
        (line.partition(":")[2].strip() for line in _read(PROC / "cpuinfo").splitlines()
         if line.startswith("model name")),
        platform.machine(),
    )  # fmt: skip
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / GIGABYTE
    return (
        f"{len(os.sched_getaffinity(0))} cores of {model}, {total:.0f} GB of memory, "
        f"Python {platform.python_version()}; load {os.getloadavg()[0]:.1f} at the start"
    )
