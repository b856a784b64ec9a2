"""What a site has listed and learned: the rows of the lookups that the rules read."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, Optional

from tests.spl.events import DAY, INSIDE, NEW_YEAR

Table = Sequence[Mapping[str, object]]

# Long enough before any event of a case for a list to have learned.
LONG_AGO = NEW_YEAR - 30 * DAY

NETWORK_COLUMNS = ("ip", "description", "source", "added", "expires")
DOMAIN_COLUMNS = ("domain", *NETWORK_COLUMNS[1:])
COLUMNS = {
    "allow_list": ("network", "src", "dest_port", "process", "reason", "added_by", "expires"),
    "allow_names": ("name", "src", "dest_port", "process", "reason", "added_by", "expires"),
    "site_suspicious_domains": DOMAIN_COLUMNS,
    "known_processes": ("process", "hosts", "first_seen", "last_seen"),
    "known_devices": ("mac", "name", "first_seen", "last_seen"),
    "site_devices": ("mac", "owner", "description", "added"),
    "site_expected_services": ("dest_port", "app", "description", "added"),
    "destinations": ("dest", "senders", "first_seen", "last_seen"),
    "host_addresses": ("name", "address", "last_seen"),
}


class ListRow(NamedTuple):
    """A row of a list of suspicious networks; `expires` is YYYY-MM-DD or None for never."""

    network: str
    description: str = ""
    expires: Optional[str] = None


class Lists(NamedTuple):
    """All lists of a site; `suspicious` is its own list of networks, `shipped` the app's.

    Names of `allow_names`, `site_suspicious_domains` and `shipped_domains` begin with *. and stand
    for themselves and all names below them.
    """

    suspicious: tuple[ListRow, ...] = ()
    shipped: tuple[ListRow, ...] = ()
    allow_list: Table = ()
    allow_names: Table = ()
    site_suspicious_domains: Table = ()
    shipped_domains: Table = ()
    known_processes: Table = ()
    known_devices: Table = ()
    site_devices: Table = ()
    site_expected_services: Table = ()
    destinations: Table = ()
    host_addresses: Table = ()


NOTHING = Lists()


def programs(*rows: tuple[str, int, float], since: float = LONG_AGO) -> Lists:
    """Return a learned list: which programs connect, on how many hosts, since when."""
    return Lists(
        known_processes=tuple(
            {"process": process, "hosts": hosts, "first_seen": first_seen}
            for process, hosts, first_seen in (("*", 9, since), *rows)
        )
    )


def devices(*rows: tuple[str, float], since: float = LONG_AGO, owners: tuple = ()) -> Lists:
    """Return what DHCP has served, since when, and the site's own devices with their owners."""
    return Lists(
        known_devices=tuple(
            {"mac": mac, "first_seen": first_seen} for mac, first_seen in (("*", since), *rows)
        ),
        site_devices=tuple({"mac": mac, "owner": owner} for mac, owner in owners),
    )


def known_host(address: str = INSIDE, **lists: tuple) -> Lists:
    """Return the lists of a site that has learned the address of the host ws-7."""
    return Lists(host_addresses=({"name": "ws-7", "address": address},), **lists)


def lookups(lists: Lists, folder: Path) -> dict[str, Path]:
    """Write every list as a file; return the files by the lookup that they stand in for."""
    networks = {
        "t1029_site_suspicious_ip_list": lists.suspicious,
        "suspicious_ip_list": lists.shipped,
    }
    tables = {f"t1029_{name}": (COLUMNS[name], getattr(lists, name)) for name in COLUMNS}
    tables["suspicious_domain_list"] = DOMAIN_COLUMNS, lists.shipped_domains
    for name, rows in networks.items():
        tables[name] = NETWORK_COLUMNS, [_network(row) for row in rows]
    return {name: _written(folder / f"{name}.csv", *table) for name, table in tables.items()}


def _network(row: ListRow) -> dict[str, str]:
    given = row.network, row.description, "test", "2025-01-01", row.expires or ""
    return dict(zip(NETWORK_COLUMNS, given))


def _written(path: Path, fields: Sequence[str], rows: Table) -> Path:
    with path.open("w", encoding="utf-8", newline="") as lines:
        table = csv.DictWriter(lines, fields)
        table.writeheader()
        table.writerows(rows)
    return path
