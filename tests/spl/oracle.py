"""What the rules must find, by SQL over the same events.

Each rule's query is the oracle.sql of its folder; what the queries share stands in sql/. They were
written from the descriptions of the rules, not from the searches, so that both can only agree by
being right. Of the app they take the thresholds, and nothing else.
"""

import csv
import ipaddress
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timezone
from functools import cache
from pathlib import Path
from typing import Callable, Optional

import duckdb
import publicsuffixlist

from compose import sources
from tests.spl.case import Site
from tests.spl.lists import COLUMNS, DOMAIN_COLUMNS

HERE = Path(__file__).parent
SHIPPED_SERVICES = sources.ROOT / "lookups" / "t1029_expected_services.csv"
THRESHOLDS = sources.defaults()
ALL_TIME = (0.0, 1e11)

ANY_SITE = Site(0)
NAT64 = ipaddress.ip_network("64:ff9b::/96")
SUFFIXES = publicsuffixlist.PublicSuffixList()

Load = Callable[[duckdb.DuckDBPyConnection], None]

NEVER_OUTSIDE = (
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    # Shared by providers (RFC 6598).
    "100.64.0.0/10",
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
    + ("service", "app", "orig_l2_addr", "resp_l2_addr", "src_mac", "srcmac")
    # Of flows: how long they lasted, what tells them apart, what was really carried.
    + ("duration", "uid", "id.orig_p", "id_orig_p", "orig_ip_bytes", "resp_ip_bytes")
    + ("missed_bytes", "orig_pkts", "resp_pkts", "history")
    + ("sentpkt", "rcvdpkt", "packets_out", "packets_in")
    + ("src_port", "srcport", "sessionid", "session_id", "logid", "subtype", "log_subtype", "bytes")
    # Of names.
    + (
        "server_name",
        "subject",
        "http_host",
        "method",
        "uri",
        "query",
        "answers",
        "QueryName",
        "QueryResults",
    )
    + ("ReferencedHost", "url", "sni")
    + ("ProcessGuid", "ProcessName", "TargetFilename", "ObjectName", "ObjectType")
    + ("_raw", "TaskName", "User", "UserContext", "SubjectUserName")
    + ("CommandLine", "ParentCommandLine", "ParentImage", "exe")
    + ("process.executable.path", "event.exec.target.executable.path")
    + ("event.btm_launch_item_add.executable_path",)
    + ("TaskContent", "TaskContentNew", "Task_Content", "Task_Name", "name")
    + tuple(f"columns.{name}" for name in ("event", "minute", "hour", "day_of_month", "month"))
    + ("columns.day_of_week", "columns.command")
    # Findings in the summary index.
    + ("risk_score", "schedule_of")
    + ("signals_seen",)
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

NAME_FIELDS = ("server_name", "http_host", "uri", "url", "query", "QueryName", "ReferencedHost")

LEARNED = {
    "known_process": "known_processes",
    "known_device": "known_devices",
    "known_destination": "destinations",
    "host_address": "host_addresses",
    "site_device": "site_devices",
}


@cache
def address(text: Optional[str]) -> Optional[str]:
    """Return one spelling for every spelling of an address, None for what is no address.

    >>> address("2001:DB8:0:0:0:0:0:9"), address("::ffff:203.0.113.9"), address("mail.example")
    ('2001:db8::9', '203.0.113.9', None)
    >>> address(" 203.0.113.9/32"), address("fe80::1%eth0"), address("64:ff9b::cb00:7109")
    ('203.0.113.9', 'fe80::1', '203.0.113.9')
    """
    bare = (text or "").strip().partition("%")[0]
    try:
        whole = ipaddress.ip_interface(bare)
    except ValueError:
        return None
    if whole.network.num_addresses > 1 or not re.fullmatch(r"[0-9a-fA-F.:]+(/32|/128)?", bare):
        return None
    parsed = whole.ip
    if parsed in NAT64:
        return str(ipaddress.IPv4Address(int(parsed) & 0xFFFFFFFF))
    return str(getattr(parsed, "ipv4_mapped", None) or parsed)


@cache
def within(one: str, network: str) -> bool:
    """Say whether an address lies in a network; a bare address is a network of one.

    >>> within("203.0.113.255", "203.0.113.0/24"), within("2001:db8::1", "203.0.113.0/24")
    (True, False)
    """
    return ipaddress.ip_address(one) in ipaddress.ip_network(network, strict=False)


def of_one_host(one: str) -> bool:
    """Say whether an address may be that of another host: no group, no broadcast, no loopback.

    >>> of_one_host("203.0.113.9"), of_one_host("255.255.255.255"), of_one_host("ff02::fb")
    (True, False, False)
    """
    parsed = ipaddress.ip_address(one)
    nobody = parsed.is_multicast or parsed.is_loopback or parsed.is_unspecified
    return not (nobody or within(one, "0.0.0.0/8") or one == "255.255.255.255")


def network_of(one: str) -> str:
    """Return the network that stands for an address where servers change.

    >>> network_of("203.0.113.9"), network_of("2001:db8:1:2::9")
    ('203.0.113.0/24', '2001:db8:1::/48')
    """
    length = 48 if ":" in one else 24
    return str(ipaddress.ip_network((one, length), strict=False))


@cache
def domain_of(name: str) -> str:
    """Return the registered domain of a name, the name itself where it is a public suffix."""
    return SUFFIXES.privatesuffix(name) or name


def shipped_services() -> list[dict[str, str]]:
    with SHIPPED_SERVICES.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def nothing_else(_: duckdb.DuckDBPyConnection) -> None:
    """Load nothing beside the given events."""


class Oracle:
    """A database of events, and of what a site has set and listed, that a rule's query can ask."""

    def __init__(
        self,
        events: Iterable[Mapping[str, object]] = (),
        site: Site = ANY_SITE,
        window: tuple[float, float] = ALL_TIME,
        load: Load = nothing_else,
    ) -> None:
        """Take events, and those that `load` inserts into the table `event`."""
        self.database = duckdb.connect(config={"threads": 1})
        if load is nothing_else:
            # Of few rows, to plan a query well takes longer than to run it.
            self.database.execute("PRAGMA disable_optimizer")
        self._create("event", EVENT_FIELDS, events)
        load(self.database)
        self._script("names_of_hosts.sql")
        self._know_lists(site)
        self._know_addresses(site)
        self._set(site, window)
        for name in ("lists.sql", "names.sql", "connections.sql", "flows.sql", "shared.sql"):
            self._script(name)

    def fetch(self, query: str, values: Sequence[object] = ()) -> list[dict[str, object]]:
        answer = self.database.execute(query, *([values] if values else []))
        columns = [column[0] for column in answer.description]
        return [dict(zip(columns, row)) for row in answer.fetchall()]

    def _script(self, name: str) -> None:
        self.database.execute((HERE / "sql" / name).read_text(encoding="utf-8"))

    def _create(
        self, table: str, fields: Sequence[str], rows: Iterable[Mapping[str, object]]
    ) -> None:
        """Create a table whose columns are all text, null where a row has no such field."""
        form = json.dumps([dict.fromkeys(fields, "VARCHAR")])
        # As literals: for each parameter DuckDB looks for several Python packages.
        texts = (text.replace("'", "''") for text in (json.dumps(list(rows)), form))
        self.database.execute(
            "CREATE TABLE {} AS SELECT unnest(from_json('{}', '{}'), max_depth := 2)".format(
                table, *texts
            )
        )

    def _set(self, site: Site, window: tuple[float, float]) -> None:
        values = {
            **THRESHOLDS,
            **site.thresholds,
            "directions": list(site.directions),
            "window_start": window[0],
            "window_end": window[1],
            "now": site.now,
            "today": datetime.fromtimestamp(site.now, timezone.utc).strftime("%Y-%m-%d"),
        }
        texts = [f"SET VARIABLE {name} = {value!r};" for name, value in values.items()]
        self.database.execute("".join(texts))

    def _know_addresses(self, site: Site) -> None:
        known = {text: address(text) for text in self._texts()}
        networks = NEVER_OUTSIDE + site.own_networks
        rows = (
            {
                "text": text,
                "address": one,
                "inside": any(within(one, net) for net in networks),
                "of_one_host": of_one_host(one),
            }
            for text, one in known.items()
            if one is not None
        )
        self._create("known_address", ("text", "address", "inside", "of_one_host"), rows)
        for column in ("inside", "of_one_host"):
            self.database.execute(f"ALTER TABLE known_address ALTER {column} TYPE BOOLEAN")
        addresses = {one for one in known.values() if one is not None}
        held = (
            {"address": one, "expires": row.expires}
            for one in addresses
            for row in site.lists.suspicious + site.lists.shipped
            if within(one, row.network)
        )
        self._create("list_row", ("address", "expires"), held)
        networks_of = ({"address": one, "network": network_of(one)} for one in addresses)
        self._create("network_of", ("address", "network"), networks_of)

        names = self.fetch(
            f"SELECT DISTINCT host_part(unnest([{', '.join(NAME_FIELDS)}])) AS name FROM event"
        )
        domains = (
            {"name": row["name"], "domain": domain_of(row["name"])} for row in names if row["name"]
        )
        self._create("domain_of", ("name", "domain"), domains)

    def _texts(self) -> list[str]:
        """Return every text that stands where an address may."""
        fields = ", ".join(f'"{field}"' for field in ADDRESS_FIELDS)
        told = (
            "string_split_regex(concat_ws(';', answers, QueryResults, url, uri), '[;,/ ]|:[0-9]+$')"
        )
        rows = self.fetch(
            f"SELECT DISTINCT unnest(list_concat([{fields}], {told})) AS text FROM event"
            " UNION SELECT address FROM host_address"
        )
        return [row["text"] for row in rows if row["text"] is not None]

    def _know_lists(self, site: Site) -> None:
        lists = site.lists
        groups = ({"host": host, "name": name} for host, name in site.sensor_groups.items())
        self._create("sensor_group", ("host", "name"), groups)
        services = [*shipped_services(), *lists.site_expected_services]
        self._create("expected_service", ("dest_port", "app"), services)
        self._create("allow_name", COLUMNS["allow_names"], lists.allow_names)
        suspicious = [*lists.site_suspicious_domains, *lists.shipped_domains]
        self._create("suspicious_name", DOMAIN_COLUMNS, suspicious)
        for table, name in LEARNED.items():
            self._create(table, COLUMNS[name], getattr(lists, name))
        for table in ("known_process", "known_device", "known_destination"):
            self.database.execute(f"ALTER TABLE {table} ALTER first_seen TYPE DOUBLE")
