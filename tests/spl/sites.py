"""Sites as Set-up and Data health meet them: full, on the first day, half-blind, empty."""

import csv
import shutil
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from replay import Inputs
from replay.app import APP
from tests.spl.events import DAY, HOUR, MAC, NEW_YEAR, Event, fortigate, sysmon, zeek
from tests.spl.findings import finding
from tests.spl.named_events import tls
from tests.structure.app_files import conf

NOW = NEW_YEAR + 20 * DAY + 2 * HOUR + 600
TODAY = NEW_YEAR + 20 * DAY
HOURLY, LATE, PACKED = ("T1029 - Hourly Rollup", "T1029 - Late Rollup", "T1029 - Daily Rollup")
BACKFILL = "T1029 - Rollup Backfill"
# The lists that the searches learn, with their fields.
LEARNED = {
    "t1029_destinations": ("dest", "first_seen", "last_seen"),
    "t1029_known_processes": ("process", "first_seen", "last_seen"),
    "t1029_known_devices": ("mac", "first_seen", "last_seen"),
    "t1029_host_addresses": ("name", "last_seen"),
    "t1029_host_users": ("address", "last_seen"),
}
OWN = "198.51.100.23"  # the public address of the site's own network
SECONDS = range(1, 900, 15)  # before now


class Site(NamedTuple):
    """A site: its events, which searches are scheduled, which send mail, since when lists learn."""

    events: tuple[Event, ...] = ()
    scheduled: tuple[str, ...] = ()
    mailing: tuple[str, ...] = ()
    learned_days: int = 0

    @property
    def inputs(self) -> Inputs:
        """Its events as replay takes them."""
        return Inputs(events=tuple({"index": "main", "source": "a.log", **e} for e in self.events))

    def lists(self, folder: Path) -> dict[str, Path]:
        """Write what its searches have learned; return the files by lookup."""
        return dict(self._lists(folder)) if self.learned_days else {}

    def _lists(self, folder: Path) -> Iterator[tuple[str, Path]]:
        began = NOW - self.learned_days * DAY
        for name, fields in LEARNED.items():
            path = folder / f"{name}.csv"
            with open(path, "w", encoding="utf-8", newline="") as file:
                times = {"first_seen": began, "last_seen": TODAY - 60}
                writer = csv.DictWriter(file, fields, extrasaction="ignore")
                writer.writeheader()
                writer.writerows({fields[0]: one, **times} for one in ("*", "a", "b"))
            yield name, path

    def app(self, folder: Path) -> Path:
        """Copy the app, with the schedules of the site in local/; return its folder."""
        for part in ("default", "lookups", "bin"):
            shutil.copytree(APP / part, folder / part)
        local = folder / "local/savedsearches.conf"
        local.parent.mkdir()
        stanzas = [
            f"[{name}]\nenableSched = 1\naction.email = {int(name in self.mailing)}\n"
            for name in self.scheduled
        ]
        local.write_text("\n".join(stanzas), encoding="utf-8")
        return folder


def sites() -> dict[str, Site]:
    """Return the sites by name."""
    searches = tuple(conf("savedsearches"))
    wanted = tuple(name for name in searches if "Test Alert" not in name and name != BACKFILL)
    rules = [name for name in wanted if name.endswith(" - Rule")]
    logs = tuple(_indexed(_all_logs()))
    full = (*logs, *receipts(10), *_found())
    blind = (*_indexed(_firewall()), *receipts(4, without=(TODAY - 30 * HOUR, TODAY - 29 * HOUR)))
    some = (HOURLY, LATE, rules[0], next(name for name in rules if "Non-standard" in name))
    return {
        "full": Site(full, wanted, tuple(rules[:3]), 12),
        "first-day": Site(logs),
        "half-blind": Site(blind, some, (), 2),
        "empty": Site(),
    }


def _indexed(events: Iterable[Event]) -> Iterator[Event]:
    return ({"_indextime": event["_time"] + 5, **event} for event in events)


def _all_logs() -> Iterator[Event]:
    for second in SECONDS:
        at = NOW - second
        yield zeek(at, 90_000, service="ssl", orig_l2_addr=MAC)
        yield fortigate(at, 90_000)
        yield sysmon(at)
        yield tls(at)
        yield {"_time": at, "sourcetype": "zscalernss-web", **_REQUEST}
        yield {"_time": at, "sourcetype": "zeek:dhcp", "mac": MAC}
        yield {**sysmon(at), "EventCode": 11, "TargetFilename": "C:\\Users\\kim\\a.txt"}
        yield {**sysmon(at), "EventCode": 1, **_TASK}
        yield {"_time": at, "source": "/etc/crontab", "sourcetype": "config_file", "_raw": _CRON}


_REQUEST = {
    "ClientIP": "10.1.2.3",
    "hostname": "files.store.example",
    "requestsize": 900,
    "responsesize": 90_000,
}
_CRON = "14 2 * * * root /opt/sync"
_TASK = {"Image": "C:\\Tools\\a.exe", "ParentImage": "C:\\Windows\\System32\\taskeng.exe"}


def _firewall() -> Iterator[Event]:
    """A firewall in front of a network with public addresses, some of it NATed."""
    for second in SECONDS:
        public = {"srcip": OWN, "dstip": f"203.0.{second % 7}.9"} if second % 2 else {}
        yield fortigate(NOW - second, 90_000, **public)


def _found() -> list[Event]:
    return [finding("Fixed Interval Connections", 9, NOW - day * DAY) for day in range(3)]


def receipts(days: int, without: tuple[float, ...] = ()) -> list[Event]:
    """Return the receipts of the rollup's runs of so many days, but for some hours."""
    hours = range(int(TODAY - days * DAY), int(NOW) - HOUR, HOUR)
    made = [receipt(HOURLY, hour, HOUR) for hour in hours if hour not in without]
    for day in range(int(TODAY - days * DAY), int(TODAY), DAY):
        made += [receipt(LATE, day, DAY), receipt(PACKED, day, DAY)]
    return [*made, receipt(BACKFILL, int(TODAY - (days - 1) * DAY), 0)]


def receipt(search: str, arrival: float, length: float) -> Event:
    """Return what a run of the rollup stores at its end."""
    ran = arrival + length + 240
    about: Mapping[str, object] = {"source": search, "arrival": arrival, "receipt_rows": 0}
    run = {"run": f"{arrival}-{1000 * ran}", "_indextime": ran + 5}
    return {"_time": arrival, "index": "summary", "sourcetype": "stash", **about, **run}
