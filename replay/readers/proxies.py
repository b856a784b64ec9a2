"""Logs of web proxies: Squid's own format, W3C extended logs, and the names that add-ons give."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, Optional

from ..times import timestamp
from .source import BadLine, LogFile, Reading, placed

Event = dict[str, Any]

# Fields of the vendors under the names of Splunk's data model Web, as the vendors' add-ons alias
# them; the first name that an event has counts. Bytes keep their vendor's names too.
_W3C = {
    "src": ("c_ip",), "src_port": ("c_port",), "user": ("cs_username",), "dest_ip": ("cs_ip",),
    "dest_host": ("cs_host", "s_computerName"), "dest_port": ("s_port",), "dvc": ("s_ip",),
    "bytes_in": ("sc_bytes",), "bytes_out": ("cs_bytes",),
    "duration": ("time_taken", "x_elapsed_time"),
    "status": ("sc_status", "sc_http_status"), "http_method": ("cs_method",),
    "url": ("cs_uri", "cs_url"), "vendor_action": ("s_action", "sc_result_code"),
    "http_user_agent": ("cs_User_Agent",), "dest": ("cs_ip", "cs_host", "s_computerName"),
}  # fmt: skip
_ZSCALER = {
    "src": ("ClientIP",), "src_ip": ("ClientIP",), "dest": ("hostname",), "dest_ip": ("serverip",),
    "bytes": ("transactionsize",), "bytes_in": ("responsesize",), "bytes_out": ("requestsize",),
    "http_method": ("requestmethod",), "http_user_agent": ("useragent",),
    "src_translated_ip": ("clientpublicIP",), "transport": ("protocol",),
}  # fmt: skip
_SQUID = {"src": ("src_ip",), "dest": ("dest_ip",)}
ALIASES = (
    (re.compile(r"bluecoat:.*|cisco:wsa:w3c.*"), _W3C),
    (re.compile(r"zscalernss-web.*"), _ZSCALER),
    (re.compile(r"squid:.*|cisco:wsa:squid.*"), _SQUID),
)
_BLOCKED = re.compile("denied|block", re.IGNORECASE)
# Names that Splunk rewrites with underscores: c-ip, cs(User-Agent).
_UNNAMEABLE = re.compile(r"[^A-Za-z0-9]+")


def under_web_names(event: Event, sourcetype: str) -> Event:
    """Add the data model's names to an event of a proxy; leave other events as they are."""
    aliases = _aliases(sourcetype)
    if aliases is _W3C:
        event = {_name(field) if "-" in field else field: event[field] for field in event}
    for name, vendors in aliases.items():
        found = next((event[vendor] for vendor in vendors if vendor in event), None)
        if found is not None:
            event.setdefault(name, found)
    if aliases and "vendor_action" in event and "action" not in event:
        event["action"] = "blocked" if _BLOCKED.search(event["vendor_action"]) else "allowed"
    elif aliases is _ZSCALER and "action" in event:
        event["action"] = event["action"].lower()
    return event


def _name(field: str) -> str:
    return _UNNAMEABLE.sub("_", field).strip("_")


@cache
def _aliases(sourcetype: str) -> dict[str, tuple[str, ...]]:
    return next((names for form, names in ALIASES if form.fullmatch(sourcetype)), {})


# ---- Squid ---------------------------------------------------------------------------------

# %ts.%03tu %6tr %>a %Ss/%03>Hs %<st %rm %ru %[un %Sh/%<a %mt; Cisco's adds more, with the user in
# quotes. The size is that of the reply: how much the client sent is not logged.
_SQUID_LINE = re.compile(
    r"(?P<ts>\d{9,11}\.\d{1,6})\s+(?P<duration>-?\d+) (?P<src_ip>\S+) "
    r"(?P<vendor_action>[A-Z_]+)/(?P<status>\d{3}) (?P<bytes>\d+) (?P<http_method>\S+) "
    r'(?P<url>\S+) (?P<user>"[^"]*"|\S+) (?P<hierarchy>[A-Z_]+)/(?P<dest_ip>\S+) '
    r"(?P<http_content_type>\S+)"
)


def is_squid(line: str, _reading: Reading) -> bool:
    """Tell whether a line is one of Squid's native access.log."""
    return _squid_line(line) is not None


def _squid_line(line: str) -> Optional[re.Match]:
    # Syslog may put its header before the line.
    return _SQUID_LINE.search(line)


def read_squid(log: LogFile, reading: Reading) -> Iterator[Event]:
    """Return an event a request of Squid's native log, or of Cisco's in the same format."""

    def event(line: str) -> Event:
        found = _squid_line(line)
        if found is None:
            raise BadLine("not a line of Squid's own format")
        fields = found.groupdict()
        fields["_time"] = timestamp(fields.pop("ts"))
        fields["user"] = fields["user"].strip('"')
        return _proxied(fields, log, reading)

    return log.converted(log.filled_lines(), event)


def _proxied(event: Event, log: LogFile, reading: Reading) -> Event:
    event = under_web_names(event, reading.sourcetype)
    return placed(event, reading.sourcetype, log.path, log.folder("proxy"))


# ---- W3C extended logs ---------------------------------------------------------------------

# A row is about a client (c-) and a server; the Windows Firewall's log has the same header.
_FIELDS = re.compile(r"#Fields:(?=.*\s(?:c-ip|cs-|sc-))\s*")
_CELL = re.compile(r'"((?:[^"]|"")*)"|(\S+)')
# The time of a W3C log is in UTC, unless the software says otherwise.
_TIMES = ("timestamp", "x_timestamp_unix", "gmttime")


def is_w3c(line: str, _reading: Reading) -> bool:
    """Tell whether a line begins the header of a W3C extended log."""
    return _FIELDS.match(line) is not None


def read_w3c(log: LogFile, reading: Reading) -> Iterator[Event]:
    """Return an event a row, under the names of the last #Fields line as Splunk writes them."""
    names: list[str] = []

    def rows() -> Iterator[tuple[int, str]]:
        for number, line in log.lines(header="#"):
            if line.startswith("#"):
                names[:] = _names(line) or names
            elif line.strip():
                yield number, line

    def event(line: str) -> Event:
        if not names:
            raise BadLine("a row before the #Fields line")
        cells = [quoted or plain for quoted, plain in _CELL.findall(line)]
        if len(cells) != len(names):
            raise BadLine(f"{len(cells)} columns where the header names {len(names)}")
        fields = {name: cell for name, cell in zip(names, cells) if cell}
        fields["_time"] = _w3c_time(fields)
        _with_result_code(fields)
        return _proxied(_with_url(fields), log, reading)

    return log.converted(rows(), event)


def _names(line: str) -> list[str]:
    """Return the field names of a #Fields line: cs(User-Agent) becomes cs_User_Agent."""
    if not _FIELDS.match(line):
        return []
    return [_name(field) for field in _FIELDS.sub("", line).split()]


def _w3c_time(fields: Event) -> float:
    if "date" in fields and "time" in fields:
        return timestamp(f"{fields['date']} {fields['time']}")
    for name in _TIMES:
        if name in fields:
            return timestamp(fields[name])
    raise BadLine(f"no time: neither date and time nor {', '.join(_TIMES)}")


def _with_result_code(fields: Event) -> None:
    """Split Cisco's x-resultcode-httpstatus, such as TCP_MISS/200."""
    code, slash, status = fields.get("x_resultcode_httpstatus", "").partition("/")
    if slash:
        fields.setdefault("sc_result_code", code)
        fields.setdefault("sc_http_status", status)


def _with_url(fields: Event) -> Event:
    """Put the URL together from its parts, where it is not logged whole."""
    if "cs_host" in fields and not fields.keys() & {"cs_uri", "cs_url"}:
        scheme, path, query = (
            fields.get(f"cs_uri_{part}", "-") for part in ("scheme", "path", "query")
        )
        parts = ("" if part == "-" else part for part in (path, query))
        start = "" if scheme == "-" else scheme + "://"
        fields["url"] = start + fields["cs_host"] + "".join(parts)
    return fields
