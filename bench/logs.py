"""The logs of a folder, by their names: a recording, or the simulated office."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from office.generate import write_office
from office.verdicts import FURTHER_LOGS, RECORDS
from replay import InputError, Inputs

KINDS = ("sysmon", "firewall", "zeek")
# Bytes of a recording's log (gzipped) beyond which it takes long and much memory.
HUGE = 6_000_000


def inputs_of(folder: Path) -> Inputs:
    """Return what replay reads of a folder: a recording's one log, or the office's logs."""
    if (folder / "zeek").is_dir():
        return _of_office(folder)
    found = sorted(folder.glob("*.gz"))
    if len(found) != 1:
        raise InputError(f"{folder}: expected one .gz log, found {len(found)}")
    kind = next((kind for kind in KINDS if found[0].name.startswith(kind)), "zeek")
    return Inputs(**{kind: (str(found[0]),)})


def _of_office(folder: Path) -> Inputs:
    logs = [(sourcetype, str(folder / place)) for sourcetype, place in FURTHER_LOGS]
    kinds = {kind: (str(folder / kind),) for kind in KINDS}
    return Inputs(**kinds, log=tuple(logs), json=(str(folder / RECORDS),))


def sets(data: Path, chosen: list[str]) -> tuple[list[Path], list[str]]:
    """Return the folders of recordings to run, and the names of those left out as huge."""
    folders = [data / name for name in chosen] or sorted(p for p in data.iterdir() if p.is_dir())
    huge = [one for one in folders if not chosen and size(one) > HUGE]
    return [one for one in folders if one not in huge], [one.name for one in huge]


def size(folder: Path) -> int:
    return sum(log.stat().st_size for log in folder.glob("*.gz"))


@contextmanager
def office(days: int) -> Iterator[Path]:
    """Write the logs of the simulated office to a folder that is removed afterwards."""
    with TemporaryDirectory(prefix="office-") as folder:
        write_office(Path(folder), days=days)
        yield Path(folder)
