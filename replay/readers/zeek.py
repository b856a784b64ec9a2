"""Zeek logs: tab-separated with a # header, or JSON lines; conn and any other path."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Callable, Optional

from ..times import epoch_of, timestamp
from ..values import multivalue
from .records import flattened, json_lines
from .source import CORE, BadLine, LogFile, Reading

NODES = ("_system_name", "_node_name")
# The logs that the app's searches read, and those that Zeek writes beside them.
READ_PATHS = {"conn", "dhcp", "dns", "http", "quic", "ssl"}
_OTHER_PATHS = """
    x509 files smtp ftp ssh rdp smb_files smb_mapping kerberos ntlm ntp weird notice tunnel software
    syslog irc radius sip snmp socks dce_rpc dpd mysql pe analyzer capture_loss intel known_certs
    known_hosts known_services ldap ldap_search loaded_scripts modbus ocsp packet_filter reporter
    rfb stats telemetry traceroute websocket
"""
PATHS = READ_PATHS | set(_OTHER_PATHS.split())
# The HTTP header Host would hide the metadata field host, which says where the log is from. Splunk
# renames it too (extracted_host), and add-ons name it otherwise again.
RENAMED = {"host": "http_host"}
# Repeated millions of times in a large log: one copy of each is kept.
SHARED = {"id.orig_h", "id.resp_h", "id.resp_p", "proto", "service", "conn_state"} | set(NODES)

Event = dict[str, Any]


def path_of(log: LogFile) -> Optional[str]:
    """Return the Zeek path that the name of a file begins with (conn.log, dns.12:00.json.gz)."""
    return _path_named(log.path.name)


def _path_named(file: str) -> Optional[str]:
    word = re.match(r"[a-z0-9]+(?:_[a-z]+)?", file)
    for name in (word.group(0), word.group(0).split("_")[0]) if word else ():
        if name in PATHS:
            return name
    return None


def is_passed_over(path: Path) -> bool:
    """Tell whether the name of a file is that of a Zeek log that no search of the app reads."""
    found = _path_named(path.name)
    return found is not None and found not in READ_PATHS


# ---- tab-separated -------------------------------------------------------------------------


_DIRECTIVE = re.compile(r"#(separator|fields)\b")
_NAMED = re.compile(r"#([a-z_]+)")
# How Zeek writes a separator; other escapes are none of its own.
_HEX = re.compile(r"\\x([0-9A-Fa-f]{2})")


def is_directive(line: str, _reading: Reading) -> bool:
    """Tell whether a line begins the header of a tab-separated log."""
    return _DIRECTIVE.match(line) is not None


def read_tsv(log: LogFile, reading: Reading) -> Iterator[Event]:
    """Return the events of a tab-separated log."""
    header = Header(log, reading)
    return log.converted(_body(log, header), lambda line: header.row(line))


class Header:
    """What the # lines of a tab-separated log say; a log may hold several such headers.

    Without a #separator line, what follows the name of a # line separates.
    """

    def __init__(self, log: LogFile, reading: Reading):
        self.log = log
        self.reading = reading
        self.path = path_of(log) or "unknown"
        self.separator: Optional[str] = None
        self.absent = {"unset_field": "-", "empty_field": "(empty)"}
        self.between = ","
        self.fields: list[str] = []
        self.types: list[str] = []
        self.row: Callable[[str], Event] = _bad("a row before the #fields line")

    def take(self, line: str) -> None:
        """Read one # line."""
        found = _NAMED.match(line)
        if not found:
            return
        name, rest = found.group(1), line[found.end() :]
        if name == "separator":
            self._begin(rest[1:])
            return
        separator = self.separator or rest[:1]
        rest = rest[len(separator) :]
        if name == "path":
            self.path = rest
        elif name in self.absent:
            self.absent[name] = rest
        elif name == "set_separator":
            self.between = rest
        elif name in ("fields", "types") and separator:
            setattr(self, name, rest.split(separator))
        if self.fields and name in ("path", "fields", "types", "set_separator", *self.absent):
            self.row = self._compiled(separator)

    def _begin(self, written: str) -> None:
        self.__init__(self.log, self.reading)
        self.separator = _HEX.sub(lambda found: chr(int(found[1], 16)), written).replace(
            r"\t", "\t"
        )
        if "\\" in self.separator:
            self.separator = None
            self.log.report.note(f"{self.log.path}: not a #separator: {written!r}")

    def _compiled(self, separator: str) -> Callable[[str], Event]:
        """Return the function from a line to its row, made for these fields."""
        fields = self.fields
        if "ts" not in fields:
            return _bad("the #fields line before it lacks the field ts")
        wanted = self.reading.wanted
        named = [(place, RENAMED.get(name, name)) for place, name in enumerate(fields)]
        kept = [one for one in named if one[1] not in CORE and (wanted is None or one[1] in wanted)]
        several = [one for one in kept if self._holds_several(one[0])]
        shared = [one for one in kept if one[1] in SHARED]
        own = [one for one in kept if one not in several and one not in shared]
        return self._reader(separator, own, shared, several)

    def _holds_several(self, place: int) -> bool:
        return place < len(self.types) and self.types[place].startswith(("set[", "vector["))

    def _reader(
        self, separator: str, own: list, shared: list, several: list
    ) -> Callable[[str], Event]:
        fields, unset, share = self.fields, frozenset(self.absent.values()), {}.setdefault
        count, ts, between = len(fields), fields.index("ts"), self.between
        node = next((fields.index(name) for name in NODES if name in fields), None)
        core = {
            "source": str(self.log.path),
            "sourcetype": f"zeek:{self.path}",
            "index": "main",
            "host": self.log.folder("zeek"),
        }

        def row_of(line: str) -> Event:
            parts = line.split(separator)
            if len(parts) != count:
                raise BadLine(f"{len(parts)} columns where the header names {count}")
            row = {"_time": _time(parts[ts]), **core}
            for place, name in own:
                value = parts[place]
                if value not in unset:
                    row[name] = value
            for place, name in shared:
                value = parts[place]
                if value not in unset:
                    row[name] = share(value, value)
            for place, name in several:
                value = parts[place]
                if value not in unset:
                    row[name] = multivalue(value.split(between))
            if node is not None and parts[node] not in unset:
                row["host"] = share(parts[node], parts[node])
            return row

        return row_of


def _time(written: str) -> float:
    try:
        value = float(written)
    except ValueError:
        return timestamp(written)
    return epoch_of(value)


def _body(log: LogFile, header: Header) -> Iterator[tuple[int, str]]:
    """Return the lines that are rows, while the header takes those that are not."""
    for number, line in log.lines(header="#"):
        if line.startswith("#"):
            header.take(line)
        elif line:
            yield number, line


def _bad(reason: str) -> Callable[[str], Event]:
    def refuse(_line: str) -> Event:
        raise BadLine(reason)

    return refuse


# ---- JSON ----------------------------------------------------------------------------------


def read_json(log: LogFile, reading: Reading) -> Iterator[Event]:
    """Return the events of JSON records."""
    by_name, source, folder = path_of(log), str(log.path), log.folder("zeek")
    wanted, share, sourcetypes = reading.wanted, {}.setdefault, {}

    def event(record: Event) -> Event:
        record, path = _unwrapped(record, by_name)
        fields = _fields(record)
        if "ts" not in fields:
            raise BadLine("no field ts")
        path = fields.get("_path") or path or _guessed(fields)
        host = fields.get("_system_name") or fields.get("_node_name") or folder
        row = {
            "_time": _time(fields["ts"]),
            "source": source,
            "sourcetype": sourcetypes.get(path) or sourcetypes.setdefault(path, f"bro:{path}:json"),
            "index": "main",
            "host": host,
        }
        for name, value in fields.items():
            name = RENAMED.get(name, name)
            if (wanted is None or name in wanted) and name not in CORE:
                row[name] = share(value, value) if name in SHARED else value
        return row

    return log.converted(json_lines(log), event)


def _unwrapped(record: Event, by_name: Optional[str]) -> tuple[Event, Optional[str]]:
    """Return a record and its path, also one that is tagged with it: {"conn": {...}}."""
    if len(record) == 1:
        ((path, inner),) = record.items()
        if path in PATHS and type(inner) is dict:
            return inner, path
    return record, by_name


def _fields(record: Event) -> Event:
    """Return a record's fields; most of Zeek's are flat texts already."""
    if {*map(type, record.values())} == {str}:
        return record
    return {
        name: value for name, value in flattened(record).items() if value not in ("-", "(empty)")
    }


def _guessed(fields: Event) -> str:
    if {"id.orig_h", "id_orig_h"} & fields.keys() and ("conn_state" in fields or "proto" in fields):
        return "conn"
    raise BadLine("no field _path, and the file's name is no Zeek log's")
