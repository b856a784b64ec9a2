"""The shipped searches, executed by replay, in the same shape as the SQL's rows."""

import csv
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from replay import Inputs, run
from tests.spl.oracle import PUBLISHED, ListRow, Oracle, Settings

HIGH_VOLUME = "T1029 - High Volume Transfer at Specific Intervals - Rule"
RECURRING = "T1029 - Recurring Connections to One Destination - Rule"

WHOLE = ("hours", "count", "connections", "total_bytes", "peak_bytes", "bytes_in", "floor")
TIMES = ("earliest", "latest")
SEVERAL = ("host", "process", "dest_port")
WRITTEN_TIME = "%Y-%m-%dT%H:%M:%S%z"

Row = dict[str, object]


class Found(NamedTuple):
    """The rows of both analytics, ordered by source and destination."""

    high_volume: list[Row]
    recurring: list[Row]


class Scored(NamedTuple):
    """What both searches gave: rows in the SQL's shape, and rows as they are printed."""

    found: Found
    printed: list[Row]


def by_sql(oracle: Oracle) -> Found:
    return Found(
        *([_plain(row) for row in rows] for rows in (oracle.high_volume(), oracle.recurring()))
    )


def by_search(
    inputs: Inputs,
    folder: Path,
    now: float,
    settings: Settings = PUBLISHED,
    site_list: Sequence[ListRow] = (),
    shipped_list: Sequence[ListRow] = (),
    tz: str = "UTC",
) -> Scored:
    """Run both searches; `folder` receives the lists as files."""
    outcome = run(
        searches=[HIGH_VOLUME, RECURRING],
        inputs=inputs,
        now=now,
        tz=tz,
        lookups={
            "t1029_site_suspicious_ip_list": write_list(folder / "site.csv", site_list),
            "suspicious_ip_list": write_list(folder / "shipped.csv", shipped_list),
        },
        macros=macros(settings),
    )
    rows = {result.search: result.rows for result in outcome.results}
    return Scored(
        Found(
            sorted(map(volume_row, rows[HIGH_VOLUME]), key=pair),
            sorted(map(recurring_row, rows[RECURRING]), key=pair),
        ),
        rows[HIGH_VOLUME] + rows[RECURRING],
    )


def pair(row: Row) -> tuple:
    return row["src"], row["dest_ip"]


def volume_row(printed: Row) -> Row:
    fields = ("src", "dest_ip", "hours", "total_bytes", "peak_bytes", "bytes_in", "floor")
    return _shaped(printed, fields)


def recurring_row(printed: Row) -> Row:
    fields = ("src", "dest_ip", "count", "connections", "total_bytes", "bytes_in", "floor")
    return {**_shaped(printed, fields), "listed": bool(printed.get("listed"))}


def macros(settings: Settings) -> dict[str, str]:
    """Return the macros that a site would change to get these settings."""
    changed: Mapping[str, object] = {
        name: value
        for name, value in settings._asdict().items()
        if name.startswith(("volume", "recurring")) and value != getattr(PUBLISHED, name)
    }
    texts = {f"t1029_{name}": str(value) for name, value in changed.items()}
    if settings.directions != PUBLISHED.directions:
        wanted = ", ".join(f'"{direction}"' for direction in settings.directions)
        texts["t1029_direction"] = f"direction IN ({wanted})"
    if settings.own_networks:
        tests = [f'cidrmatch("{network}", $address$)' for network in settings.own_networks]
        texts["t1029_own_networks(1)"] = " OR ".join(tests)
    return texts


def write_list(path: Path, rows: Sequence[ListRow]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as lines:
        table = csv.writer(lines)
        table.writerow(["ip", "description", "source", "added", "expires"])
        table.writerows(
            [row.network, row.description, "test", "2025-01-01", row.expires or ""] for row in rows
        )
    return path


def _shaped(printed: Row, fields: Sequence[str]) -> Row:
    row = {name: printed.get(name) for name in fields}
    for name in TIMES:
        row[name] = datetime.strptime(printed[name], WRITTEN_TIME).timestamp()
    for name in SEVERAL:
        row[name] = _several(printed.get(name))
    row["observations"] = printed["observations"].split(" ")
    return _plain(row)


def _plain(row: Row) -> Row:
    """Return a row with whole numbers as int, and several values as a sorted list."""
    plain = dict(row)
    for name in WHOLE:
        if plain.get(name) is not None:
            plain[name] = _whole(plain[name])
    for name in SEVERAL + ("observations",):
        plain[name] = sorted(_several(plain[name]))
    return plain


def _whole(value: object) -> int:
    number = float(value)
    if not number.is_integer():
        raise ValueError(f"{value!r} is no whole number")
    return int(number)


def _several(value: object) -> list[str]:
    if value is None:
        return []
    return list(value) if isinstance(value, (list, tuple)) else [value]
