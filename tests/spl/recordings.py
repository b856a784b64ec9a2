"""Real recordings, found, read by DuckDB, and copied with transfers planted among their lines."""

import gzip
import json
import shutil
from collections.abc import Iterable, Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import NamedTuple, Optional

import duckdb

from tests.spl.oracle import EVENT_FIELDS, Oracle

ZEEK_TEXT, ZEEK_JSON, SYSMON = "zeek text", "zeek json", "sysmon"


class Transfer(NamedTuple):
    """One connection to plant; `sent` is unknown to Sysmon."""

    epoch: float
    src: str
    dest_ip: str
    sent: int


class Recording(NamedTuple):
    """A log file of a known kind; `fields` are the columns of Zeek's text form."""

    path: Path
    kind: str
    fields: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.path.parent.name


def recordings(folder: Path) -> list[Recording]:
    """Return the recordings in the folders of a folder; files of other kinds are passed over."""
    found = (recording(path) for path in sorted(folder.glob("*/*.gz")))
    return [one for one in found if one is not None]


def recording(path: Path) -> Optional[Recording]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        first = next(lines, "")
        if first.startswith("#"):
            names = next((line for line in lines if line.startswith("#fields")), "")
            return Recording(path, ZEEK_TEXT, tuple(names.rstrip("\n").split("\t")[1:]))
    if not first.startswith("{"):
        return None
    return Recording(path, SYSMON if '"EventCode"' in first else ZEEK_JSON)


def load(database: duckdb.DuckDBPyConnection, source: Recording) -> None:
    """Fill the table `event` from a recording, with what Splunk would add to each line."""
    folder = source.path.parent.name
    if source.kind == ZEEK_TEXT:
        names = ", ".join(f"'{name}': 'VARCHAR'" for name in source.fields)
        table = (
            f"read_csv('{source.path}', delim = '\t', quote = '', escape = '', header = false, "
            f"comment = '#', nullstr = ['-', '(empty)'], auto_detect = false, "
            f"columns = {{{names}}})"
        )
        known = source.fields
    else:
        known = (*EVENT_FIELDS, "ts", "UtcTime", "Computer", "_node_name")
        names = ", ".join(f"'{name}': 'VARCHAR'" for name in known if name not in ADDED)
        table = f"read_json('{source.path}', format = 'newline_delimited', columns = {{{names}}})"
    kept = [f'"{name}"' for name in EVENT_FIELDS if name in known and name not in ADDED]
    database.execute(
        f"INSERT INTO event BY NAME SELECT {', '.join(added(source, folder) + kept)} FROM {table}"
    )


ADDED = ("_time", "host", "source", "sourcetype")


def added(source: Recording, folder: str) -> list[str]:
    if source.kind == SYSMON:
        return [
            "epoch(strptime(UtcTime, '%Y-%m-%d %H:%M:%S.%g')) AS _time",
            "Computer AS host",
            "'XmlWinEventLog:Microsoft-Windows-Sysmon/Operational' AS source",
            "'XmlWinEventLog' AS sourcetype",
        ]
    node = "_node_name" if source.kind == ZEEK_JSON or "_node_name" in source.fields else "NULL"
    return [
        "ts AS _time",
        f"coalesce({node}, '{folder}') AS host",
        f"'{source.path}' AS source",
        "'zeek:conn' AS sourcetype",
    ]


def newest(oracle: Oracle) -> float:
    """Return the epoch of the newest event of all."""
    return oracle.fetch("SELECT max(CAST(_time AS DOUBLE)) AS newest FROM event")[0]["newest"]


def busiest(oracle: Oracle, inside: bool, most: int) -> list[str]:
    """Return the IPv4 addresses, inside or anywhere, that originated most connections."""
    rows = oracle.fetch(
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


def planted(source: Recording, transfers: Iterable[Transfer], folder: Path) -> Recording:
    """Return a copy of a recording that ends with these transfers."""
    path = folder / source.path.name
    write = {ZEEK_TEXT: _zeek_text, ZEEK_JSON: _zeek_json, SYSMON: _sysmon}[source.kind]
    with gzip.open(source.path, "rb") as lines, gzip.open(path, "wb", compresslevel=1) as copy:
        shutil.copyfileobj(lines, copy, 1 << 20)
        for number, transfer in enumerate(transfers):
            copy.write(write(source, number, transfer).encode() + b"\n")
    return source._replace(path=path)


def fortigate_lines(transfers: Iterable[Transfer]) -> Iterator[str]:
    """Return what a firewall would log of the same transfers; its counts are lower by one byte."""
    for transfer in transfers:
        yield (
            f'logid="0000000013" type="traffic" eventtime={transfer.epoch:.0f} devname="fw-1" '
            f"srcip={transfer.src} dstip={transfer.dest_ip} dstport=443 proto=6 "
            f'action="close" sentbyte={transfer.sent - 1} rcvdbyte=1000'
        )


def fortigate_events(transfers: Iterable[Transfer]) -> Iterator[dict]:
    """Return the same lines as the fields that Splunk would extract."""
    for transfer in transfers:
        yield {
            "_time": int(transfer.epoch),
            "host": "fw-1",
            "source": "firewall_logs",
            "sourcetype": "fortigate_traffic",
            "srcip": transfer.src,
            "dstip": transfer.dest_ip,
            "dstport": "443",
            "action": "close",
            "sentbyte": transfer.sent - 1,
            "rcvdbyte": 1000,
        }


def _zeek_json(_: Recording, number: int, transfer: Transfer) -> str:
    return json.dumps(_zeek(number, transfer))


def _zeek_text(source: Recording, number: int, transfer: Transfer) -> str:
    row = _zeek(number, transfer)
    row["ts"] = f"{transfer.epoch:.6f}"
    return "\t".join(str(row.get(name, "-")) for name in source.fields)


def _zeek(number: int, transfer: Transfer) -> dict:
    return {
        "ts": transfer.epoch,
        "uid": f"CPlanted{number:08}",
        "id.orig_h": transfer.src,
        "id.orig_p": 49152 + number % 10000,
        "id.resp_h": transfer.dest_ip,
        "id.resp_p": 443,
        "proto": "tcp",
        "duration": 30.0,
        "orig_bytes": transfer.sent,
        "resp_bytes": 2000,
        "conn_state": "SF",
    }


def _sysmon(_: Recording, number: int, transfer: Transfer) -> str:
    return json.dumps(
        {
            "EventCode": 3,
            "UtcTime": _utc(transfer.epoch),
            "Computer": "ws-7.example.com",
            "Image": "C:\\Windows\\System32\\svchost.exe",
            "Protocol": "tcp",
            "Initiated": "true",
            "SourceIp": transfer.src,
            "SourcePort": str(49152 + number % 10000),
            "DestinationIp": transfer.dest_ip,
            "DestinationPort": "443",
        }
    )


def _utc(epoch: float) -> str:
    moment = datetime.fromtimestamp(epoch, timezone.utc)
    return moment.strftime("%Y-%m-%d %H:%M:%S.") + f"{moment.microsecond // 1000:03}"
