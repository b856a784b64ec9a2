"""Write the office to files: logs, ground truth and the site's lists."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from office.ground_truth import Truth, write_allowed, write_devices, write_list, write_truth
from office.logs import write_all
from office.simulation import Office, simulate
from office.system_logs import write_system_logs

SUSPICIOUS, DEVICES = "suspicious_ip_list", "t1029_site_devices"
ALLOWED, ALLOWED_NAMES = "t1029_allow_list", "t1029_allow_names"
LISTS = (SUSPICIOUS, DEVICES, ALLOWED, ALLOWED_NAMES)


class Written(NamedTuple):
    """A simulation and its files: records by path, ground truth, lookups by name."""

    office: Office
    records: dict[Path, int]
    truth: list[Truth]
    lists: dict[str, Path]


def write_office(folder: Path, seed: int = 1, days: int = 14) -> Written:
    """Simulate the office and write its logs, truth.csv and the site's lists."""
    office = simulate(seed, days)
    records = write_logs(office, folder)
    return Written(
        office, records, write_truth(office.flows, folder / "truth.csv"), write_lists(folder)
    )


def write_logs(office: Office, folder: Path) -> dict[Path, int]:
    """Write every log below the folder and return the number of records in each file."""
    records = write_all(office.flows, office.events, folder, office.zone)
    return {**records, **write_system_logs(office.events, folder, office.zone)}


def write_lists(folder: Path) -> dict[str, Path]:
    """Write the suspicious list, the site's devices and its allow-list."""
    lists = {name: folder / f"{name}.csv" for name in LISTS}
    write_list(lists[SUSPICIOUS])
    write_devices(lists[DEVICES])
    write_allowed(lists[ALLOWED], lists[ALLOWED_NAMES])
    return lists
