"""What the two published analytics must find, by SQL over the same events.

The queries stand in the .sql files beside this module. They were written from the description of
the analytics, not from the searches, so that both can only agree by being right.
"""

import ipaddress
import json
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Callable, NamedTuple, Optional

import duckdb

HERE = Path(__file__).parent

NEVER_OUTSIDE = (
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "169.254.0.0/16",
    "127.0.0.0/8",
    "224.0.0.0/4",
    "fc00::/7",
    "fe80::/10",
    "::1/128",
    "ff00::/8",
    # Unspecified and broadcast.
    "0.0.0.0/8",
    "255.255.255.255/32",
    "::/128",
)

EVENT_FIELDS = (
    ("_time", "host", "source", "sourcetype", "action")
    + ("src", "src_ip", "dest", "dest_ip", "bytes_out", "bytes_in", "dest_port")
    + ("process", "process_exec")
    + ("id.orig_h", "id_orig_h", "id.resp_h", "id_resp_h", "orig_bytes", "resp_bytes")
    + ("id.resp_p", "id_resp_p")
    + ("srcip", "dstip", "dstport", "sentbyte", "rcvdbyte")
    + ("EventCode", "SourceIp", "DestinationIp", "DestinationPort", "Initiated", "Image")
    + ("SourcePort", "Protocol", "proto", "transport")
    + ("service", "app", "orig_l2_addr", "src_mac", "srcmac")
    + ("ProcessGuid", "ProcessName", "TargetFilename", "ObjectName", "ObjectType")
    + ("_raw", "TaskName", "User", "UserContext", "SubjectUserName")
    + ("CommandLine", "ParentCommandLine", "ParentImage", "exe")
    + ("process.executable.path", "event.exec.target.executable.path")
    + ("event.btm_launch_item_add.executable_path",)
)


ADDRESS_FIELDS = (
    "src",
    "src_ip",
    "dest",
    "dest_ip",
    "srcip",
    "dstip",
    "SourceIp",
    "DestinationIp",
) + ("id.orig_h", "id_orig_h", "id.resp_h", "id_resp_h")


class Settings(NamedTuple):
    """The thresholds and scopes a site may change; the defaults are the published ones."""

    volume_event_bytes: int = 0
    volume_hour_bytes: int = 100_000_000
    volume_hours: int = 3
    volume_peak_bytes: int = 500_000_000
    recurring_event_bytes: int = 5_000_000
    recurring_connections: int = 3
    recurring_hours: int = 3
    recurring_many_hours: int = 5
    directions: tuple[str, ...] = ("outbound",)
    own_networks: tuple[str, ...] = ()
    window_start: float = 0.0
    window_end: float = 1e11
    today: str = "2026-01-08"


PUBLISHED = Settings()


class ListRow(NamedTuple):
    """A row of a list of suspicious networks; `expires` is YYYY-MM-DD or None for never."""

    network: str
    description: str = ""
    expires: Optional[str] = None


@cache
def address(text: Optional[str]) -> Optional[str]:
    """Return one spelling for every spelling of an address, None for what is no address.

    >>> address("2001:DB8:0:0:0:0:0:9"), address("::ffff:203.0.113.9"), address("mail.example")
    ('2001:db8::9', '203.0.113.9', None)
    """
    try:
        parsed = ipaddress.ip_address(text or "")
    except ValueError:
        return None
    return str(getattr(parsed, "ipv4_mapped", None) or parsed)


@cache
def within(one: str, network: str) -> bool:
    """Say whether an address lies in a network; a bare address is a network of one.

    >>> within("203.0.113.255", "203.0.113.0/24"), within("2001:db8::1", "203.0.113.0/24")
    (True, False)
    """
    return ipaddress.ip_address(one) in ipaddress.ip_network(network, strict=False)


class Oracle:
    """A database of events, asked for the rows of either analytic."""

    def __init__(
        self,
        events: Iterable[Mapping[str, object]] = (),
        settings: Settings = PUBLISHED,
        listed: Sequence[ListRow] = (),
        load: Callable[[duckdb.DuckDBPyConnection], None] = lambda database: None,
    ) -> None:
        """Take events, and whatever else `load` inserts into the table `event`."""
        self.database = duckdb.connect()
        self.database.execute("SET threads = 1")
        self._create("event", EVENT_FIELDS, events)
        load(self.database)
        self._know_addresses(settings, listed)
        for name, setting in settings._asdict().items():
            value = list(setting) if isinstance(setting, tuple) else setting
            self.database.execute(f"SET VARIABLE {name} = ?", [value])
        self.database.execute((HERE / "transfers.sql").read_text(encoding="utf-8"))

    def high_volume(self) -> list[dict[str, object]]:
        return self._rows("high_volume.sql")

    def recurring(self) -> list[dict[str, object]]:
        return self._rows("recurring.sql")

    def newest(self) -> float:
        """Return the epoch of the newest event of all."""
        return self._fetch("SELECT max(CAST(_time AS DOUBLE)) AS newest FROM event")[0]["newest"]

    def busiest(self, inside: bool, most: int) -> list[str]:
        """Return the IPv4 addresses, inside or anywhere, that began most connections."""
        rows = self._fetch(
            """
            SELECT address, count(*) AS connections
            FROM event
            JOIN known_address ON text = coalesce("id.orig_h", id_orig_h, SourceIp)
            WHERE address LIKE '%.%' AND inside >= ?
            GROUP BY address ORDER BY connections DESC, address LIMIT ?
            """,
            [inside, most],
        )
        return [row["address"] for row in rows]

    def _rows(self, query: str) -> list[dict[str, object]]:
        return self._fetch((HERE / query).read_text(encoding="utf-8"))

    def _fetch(self, query: str, values: Sequence[object] = ()) -> list[dict[str, object]]:
        answer = self.database.execute(query, list(values))
        columns = [column[0] for column in answer.description]
        return [dict(zip(columns, row)) for row in answer.fetchall()]

    def _create(
        self, table: str, fields: Sequence[str], rows: Iterable[Mapping[str, object]]
    ) -> None:
        """Create a table whose columns are all text, null where a row has no such field."""
        columns = ", ".join(f"'{field}': 'VARCHAR'" for field in fields)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "rows.json")
            write_json_lines(path, rows)
            self.database.execute(
                f"CREATE TABLE {table} AS FROM read_json(?, format = 'newline_delimited', "
                f"columns = {{{columns}}})",
                [str(path)],
            )

    def _know_addresses(self, settings: Settings, listed: Sequence[ListRow]) -> None:
        known = {text: address(text) for text in self._texts()}
        networks = NEVER_OUTSIDE + settings.own_networks
        rows = (
            {"text": text, "address": one, "inside": any(within(one, net) for net in networks)}
            for text, one in known.items()
            if one is not None
        )
        self._create("known_address", ("text", "address", "inside"), rows)
        self.database.execute("ALTER TABLE known_address ALTER inside TYPE BOOLEAN")
        held = (
            {"address": one, "expires": row.expires}
            for one in {one for one in known.values() if one is not None}
            for row in listed
            if within(one, row.network)
        )
        self._create("list_row", ("address", "expires"), held)

    def _texts(self) -> list[str]:
        """Return every text that stands where an address may."""
        fields = ", ".join(f'"{field}"' for field in ADDRESS_FIELDS)
        rows = self._fetch(f"SELECT DISTINCT unnest([{fields}]) AS text FROM event")
        return [row["text"] for row in rows if row["text"] is not None]


def write_json_lines(path: Path, events: Iterable[Mapping[str, object]]) -> None:
    with path.open("w", encoding="utf-8") as lines:
        for event in events:
            lines.write(json.dumps(event) + "\n")
