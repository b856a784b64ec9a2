"""The whole office in files: logs, the truth about them and the list of suspicious addresses."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from office.logs import write_all
from office.traffic import Office, simulate
from office.truth import Truth, write_list, write_truth


class Written(NamedTuple):
    """A simulation and the files that hold it: records by path, the truth, the address list."""

    office: Office
    records: dict[Path, int]
    truth: list[Truth]
    suspicious: Path


def write_office(folder: Path, seed: int = 1, days: int = 14) -> Written:
    """Simulate the office and write its logs, truth.csv and suspicious_ip_list.csv."""
    office = simulate(seed, days)
    records = write_all(office.flows, folder, office.zone)
    suspicious = folder / "suspicious_ip_list.csv"
    write_list(suspicious)
    return Written(office, records, write_truth(office.flows, folder / "truth.csv"), suspicious)
