"""The further rules: by SQL, and by the shipped searches that replay executes.

The SQL gives the rows that reach the scorer; it was written from what each rule and macro says of
itself. The searches are run twice: with every score let through, to be compared row by row, and as
shipped, when the rows left must be those that the score keeps.
"""

import csv
import ipaddress
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Callable, NamedTuple, Optional

import duckdb

from replay import Inputs, run
from tests.spl.events import DAY, HOUR
from tests.spl.oracle import HERE, PUBLISHED, ListRow, Oracle, Settings
from tests.spl.searches import macros as scope_macros
from tests.spl.searches import write_list

APP = HERE.parent.parent
MINUTE = 60
WRITTEN_TIME = "%Y-%m-%dT%H:%M:%S%z"

Row = dict[str, object]
Table = Sequence[Mapping[str, object]]


class Thresholds(NamedTuple):
    """The further rules' thresholds, named as their macros are."""

    interval_bins: int = 12
    daily_days: int = 5
    daily_hours: int = 8
    rotation_destinations: int = 3
    rotation_hours: int = 4
    rotation_days: int = 5
    learning_days: int = 5
    process_hosts: int = 2
    process_minutes: int = 4
    traversal_files: int = 20
    traversal_folders: int = 3
    traversal_times: int = 2
    service_bytes: int = 100_000
    service_hours: int = 3
    device_addresses: int = 3
    device_bytes: int = 1_000_000
    job_bytes: int = 100_000
    job_seconds: int = 180
    job_times: int = 3
    job_share: float = 0.6
    job_slots: int = 700
    signals_kinds: int = 2
    signals_destinations: int = 3
    signals_bytes: int = 10_000_000


SHIPPED = Thresholds()


class Rule(NamedTuple):
    """A rule: its search, its query, what tells its rows apart, and the fields to compare.

    kept says what risk_score, and which period in seconds, a row must reach to be reported; the
    macros in `open` let every row through. The window is so many seconds up to the lag.
    """

    title: str
    query: str
    key: tuple[str, ...]
    whole: tuple[str, ...]
    several: tuple[str, ...]
    window: int
    snap: int = HOUR
    kept: tuple[float, float] = (0, 0)
    open: tuple[str, ...] = ()

    @property
    def search(self) -> str:
        return f"T1029 - {self.title} - Rule"

    def start(self, now: float) -> float:
        return (now - self.window) // self.snap * self.snap

    def end(self, now: float) -> float:
        return (now - 15 * MINUTE) // MINUTE * MINUTE


PAIR = ("src", "dest_ip")
SENT = ("connections", "total_bytes", "bytes_in")
SEEN = ("host", "process", "dest_port", "app", "observations")

INTERVAL = Rule(
    "Fixed Interval Connections",
    "interval.sql",
    PAIR,
    ("bins", "senders", "population", *SENT),
    SEEN,
    DAY,
    kept=(7, 0),
    open=("t1029_interval_risk",),
)
DAILY = Rule(
    "Same Time of Day on Several Days",
    "daily.sql",
    PAIR,
    ("hours", "senders", "population", *SENT),
    SEEN,
    30 * DAY,
    DAY,
    kept=(7, 14400),
    open=("t1029_daily_risk", "t1029_daily_period"),
)
ROTATION = Rule(
    "One Schedule to Changing Destinations",
    "rotation.sql",
    ("src", "schedule_of"),
    ("hours", "destinations", *SENT),
    ("dest_ip", *SEEN),
    30 * DAY,
    DAY,
    kept=(7, 14400),
    open=("t1029_rotation_risk", "t1029_daily_period"),
)
PROCESS = Rule(
    "Process That Normally Does Not Use the Network",
    "process.sql",
    (*PAIR, "process"),
    ("minutes", "connections", "new", "user_folder", "process_hosts", "floor")
    + ("senders", "population"),
    ("host", "dest_port", "program_reason", "observations"),
    7 * DAY,
    kept=(7, 0),
    open=("t1029_process_risk",),
)
TRAVERSAL = Rule(
    "File Traversal Followed by Transfer",
    "traversal.sql",
    PAIR,
    ("times", "files", "folders", "floor"),
    ("host", "process", "dest_port", "observations"),
    7 * DAY,
)
SERVICE = Rule(
    "Non-standard Port or Unexpected Encryption",
    "service.sql",
    (*PAIR, "dest_port", "app"),
    ("hours", "days", *SENT),
    ("host", "observations"),
    7 * DAY,
    kept=(7, 0),
    open=("t1029_service_risk",),
)
DEVICE = Rule(
    "Unknown Hardware Sending Data",
    "device.sql",
    ("mac", *PAIR),
    ("hours", "floor", *SENT),
    ("host", "dest_port", "app", "observations"),
    7 * DAY,
)
JOB = Rule(
    "Scheduled Job Followed by Transfer",
    "job.sql",
    PAIR,
    ("times", "contacts", "waited", "job_created", "floor", "total_bytes", "bytes_in"),
    ("job", "job_user", *SEEN),
    7 * DAY,
    kept=(7, 0),
    open=("t1029_job_risk",),
)
RULES = (INTERVAL, DAILY, ROTATION, PROCESS, TRAVERSAL, SERVICE, DEVICE, JOB)

# An OR, since rows without a schedule have no period to compare.
EVERY_ROW = "0 OR true()"
# The SQL tells all observations, however many.
STORED_WHOLE = {"t1029_stored_characters": "1000000000"}


class Lists(NamedTuple):
    """What a site has listed and learned: rows of the lookups that the rules read."""

    suspicious: tuple[ListRow, ...] = ()
    allowed: Table = ()
    known_processes: Table = ()
    known_devices: Table = ()
    site_devices: Table = ()
    site_services: Table = ()
    known_destinations: Table = ()
    host_addresses: Table = ()


NOTHING = Lists()
COLUMNS = {
    "allow_list": ("network", "src", "dest_port", "process", "reason", "added_by", "expires"),
    "known_processes": ("process", "hosts", "first_seen", "last_seen"),
    "known_devices": ("mac", "name", "first_seen", "last_seen"),
    "site_devices": ("mac", "owner", "description", "added"),
    "site_expected_services": ("dest_port", "app", "description", "added"),
    "destinations": ("dest_ip", "senders", "first_seen", "last_seen"),
    "host_addresses": ("name", "address", "last_seen"),
}


FINDING_FIELDS = ("source", "src", "dest_ip", "risk_score", "dest_port", "listed") + (
    "process",
    "program_reason",
    "senders",
    "schedule_of",
    "beats",
    "bins",
    "jitter",
    "period",
    "total_bytes",
    "bytes_in",
)


class Situation(NamedTuple):
    """What a site has set and listed, and when the search runs."""

    now: float
    lists: Lists = NOTHING
    thresholds: Thresholds = SHIPPED
    scope: Settings = PUBLISHED
    macros: Mapping[str, str] = {}


def by_sql(
    rule: Rule,
    events: Iterable[Mapping[str, object]],
    site: Situation,
    load: Callable[[duckdb.DuckDBPyConnection], None] = lambda database: None,
) -> list[Row]:
    """Return the rows that must reach the scorer."""
    window = {"window_start": rule.start(site.now), "window_end": rule.end(site.now)}
    today = datetime.fromtimestamp(site.now, timezone.utc).strftime("%Y-%m-%d")
    oracle = RulesOracle(
        events, site.scope._replace(today=today, **window), site.lists.suspicious, load
    )
    return sorted((_from_sql(rule, row) for row in oracle.candidates(rule, site)), key=repr)


class RulesOracle(Oracle):
    """A database of events that also knows the learned lists and the thresholds."""

    def candidates(self, rule: Rule, site: Situation) -> list[Row]:
        """Return the rows of a rule's query."""
        self._set(site)
        self.database.execute((HERE / "rules.sql").read_text(encoding="utf-8"))
        self._know(site.lists)
        return self._rows(rule.query)

    def signals(self, findings: Table, site: Situation) -> list[Row]:
        """Return the senders of several signals among these findings."""
        self._set(site)
        self.database.execute((HERE / "rules.sql").read_text(encoding="utf-8"))
        self._know(site.lists)
        self._create("finding", FINDING_FIELDS, findings)
        return self._rows("signals.sql")

    def _set(self, site: Situation) -> None:
        for name, value in {**site.thresholds._asdict(), "now": site.now}.items():
            self.database.execute(f"SET VARIABLE {name} = ?", [value])

    def _know(self, lists: Lists) -> None:
        for table, fields, rows in (
            ("known_process", COLUMNS["known_processes"], lists.known_processes),
            ("known_device", COLUMNS["known_devices"], lists.known_devices),
            ("known_destination", COLUMNS["destinations"], lists.known_destinations),
            ("host_address", COLUMNS["host_addresses"], lists.host_addresses),
            ("site_device", COLUMNS["site_devices"], lists.site_devices),
            ("expected_service", ("dest_port", "app"), [*shipped_services(), *lists.site_services]),
            ("network_of", ("address", "network"), self._networks()),
        ):
            self._create(table, fields, rows)
        for table in ("known_process", "known_device", "known_destination"):
            self.database.execute(f"ALTER TABLE {table} ALTER first_seen TYPE DOUBLE")

    def _networks(self) -> list[Row]:
        rows = self._fetch("SELECT DISTINCT dest_ip FROM connection")
        return [{"address": row["dest_ip"], "network": network(row["dest_ip"])} for row in rows]


def network(address: str) -> str:
    """Return the network that stands for an address where servers change.

    >>> network("203.0.113.9"), network("2001:db8:1:2::9")
    ('203.0.113.0/24', '2001:db8:1::/48')
    """
    length = 48 if ":" in address else 24
    return str(ipaddress.ip_network((address, length), strict=False))


def shipped_services() -> list[dict[str, str]]:
    path = APP / "lookups" / "t1029_expected_services.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def by_search(rule: Rule, inputs: Inputs, site: Situation, folder: Path) -> list[Row]:
    """Return the rows that the shipped search hands to the scorer, in the SQL's shape."""
    return shaped(rule, printed(rule, inputs, open_to_all(rule, site), folder))


def open_to_all(rule: Rule, site: Situation) -> Situation:
    """Return the same site, with every row let through whatever its score and period."""
    return site._replace(macros={**site.macros, **dict.fromkeys(rule.open, EVERY_ROW)})


def shaped(rule: Rule, rows: Iterable[Row]) -> list[Row]:
    return sorted((_from_search(rule, row) for row in rows), key=repr)


def printed(rule: Rule, inputs: Inputs, site: Situation, folder: Path) -> list[Row]:
    """Return the rows that the search prints; `folder` receives the lists as files."""
    outcome = run(
        searches=[rule.search],
        inputs=inputs,
        now=site.now,
        lookups=lookups(site.lists, folder),
        macros={**STORED_WHOLE, **changed(site), **site.macros},
    )
    return outcome.results[0].rows


def changed(site: Situation) -> dict[str, str]:
    """Return the macros that the site has changed."""
    texts = scope_macros(site.scope)
    for name, value in site.thresholds._asdict().items():
        if value != getattr(SHIPPED, name):
            texts[f"t1029_{name}"] = str(value)
    bins = texts.pop("t1029_interval_bins", None)
    return {**texts, "t1029_interval_pairs": f"`t1029_pairs(1, {bins})`"} if bins else texts


def lookups(lists: Lists, folder: Path) -> dict[str, Path]:
    paths = {
        "t1029_site_suspicious_ip_list": write_list(folder / "suspicious.csv", lists.suspicious)
    }
    for name, rows in (
        ("allow_list", lists.allowed),
        ("known_processes", lists.known_processes),
        ("known_devices", lists.known_devices),
        ("site_devices", lists.site_devices),
        ("site_expected_services", lists.site_services),
        ("destinations", lists.known_destinations),
        ("host_addresses", lists.host_addresses),
    ):
        paths[f"t1029_{name}"] = _write_table(folder / f"{name}.csv", COLUMNS[name], rows)
    return paths


def _write_table(path: Path, fields: Sequence[str], rows: Table) -> Path:
    with path.open("w", encoding="utf-8", newline="") as lines:
        table = csv.DictWriter(lines, fields)
        table.writeheader()
        table.writerows(rows)
    return path


def _from_sql(rule: Rule, row: Row) -> Row:
    return _row(rule, row, (row["earliest"], row["latest"]))


def _from_search(rule: Rule, row: Row) -> Row:
    span = tuple(
        datetime.strptime(str(row[name]), WRITTEN_TIME).timestamp()
        for name in ("earliest", "latest")
    )
    return _row(rule, row, span)


def _row(rule: Rule, row: Row, span: tuple) -> Row:
    several = [name for name in rule.several if name not in rule.key]
    return {
        **{name: row[name] for name in rule.key if name not in rule.several},
        **{name: _whole(row.get(name)) for name in rule.whole},
        **{name: _several(row.get(name)) for name in several},
        "span": span,
        "listed": bool(row.get("listed")),
    }


def _whole(value: object) -> Optional[int]:
    if value is None:
        return None
    number = float(str(value))
    if not number.is_integer():
        raise ValueError(f"{value!r} is no whole number")
    return int(number)


def _several(value: object) -> list[str]:
    """Return distinct values in order; observations are one text, with spaces between them."""
    if value is None:
        return []
    if isinstance(value, (list, tuple)):
        return sorted({str(one) for one in value if one is not None})
    return sorted(set(str(value).split(" "))) if _observed(str(value)) else [str(value)]


def _observed(text: str) -> bool:
    return all(token.replace(":", "").isdigit() for token in text.split(" "))
