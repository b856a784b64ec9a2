"""The formats that are read, and those that are known and not read: one table of each."""

import re
from collections.abc import Iterator
from typing import Any, Callable, NamedTuple, Optional

from ..errors import InputError
from . import (
    envelopes,
    firewall,
    general,
    lines,
    products,
    proxies,
    system,
    tables,
    windows,
    windows_records,
    zeek,
)
from .records import first, flattened, is_json, several_lines, unwrapped
from .source import LogFile, Reading, Report

Record = dict[str, Any]
Events = Iterator[Record]


class Format(NamedTuple):
    """A format: the kinds of input it is looked for in, how a line of it looks, its reader.

    With `by_line` each line is read by itself, so that a file can be read in shares.
    """

    name: str
    kinds: tuple[str, ...]
    fits: Callable[[str, Reading], bool]
    read: Callable[[LogFile, Reading], Events]
    by_line: bool = False

    @property
    def is_read(self) -> bool:
        """False for a format that is known only to be refused by its name."""
        return self.read is not _not_read


def _is_json(line: str, _reading: Reading) -> bool:
    return is_json(line)


def _is_windows_json(line: str, reading: Reading) -> bool:
    return windows.is_windows(reading.sourcetype) and is_json(line)


def _is_asa(line: str, _reading: Reading) -> bool:
    return re.search("%(?:ASA|FTD|PIX)-", line) is not None


def _is_table(line: str, _reading: Reading) -> bool:
    return tables.header(line) is not None


def _not_read(log: LogFile, reading: Reading) -> Events:
    raise refused(log, reading.kind)


# The first one that fits a line is taken.
FORMATS = (
    Format("Zeek, tab-separated", ("zeek",), zeek.is_directive, zeek.read_tsv, True),
    Format("Zeek, JSON", ("zeek",), _is_json, zeek.read_records, True),
    Format("Zeek, CSV", ("zeek",), zeek.is_table, zeek.read_records),
    Format("Windows events, JSON", ("sysmon",), _is_json, windows.read_records, True),
    Format("Windows events, XML", ("sysmon",), windows.is_xml, windows.read_xml),
    Format("Windows events, CSV", ("sysmon",), windows.is_table, windows.read_records),
    Format("Windows events, text", ("sysmon",), windows.is_text, windows.read_text),
    Format("firewall, JSON", ("firewall",), _is_json, firewall.read_records, True),
    Format(
        "Palo Alto TRAFFIC and URL",
        ("firewall",),
        firewall.is_palo_alto,
        firewall.read_palo_alto,
        True,
    ),
    Format("Cisco FTD 430002 and 430003", ("firewall",), firewall.is_ftd, firewall.read_ftd, True),
    Format("AWS VPC flow logs", ("firewall",), firewall.is_vpc, firewall.read_vpc),
    Format("firewall, CSV", ("firewall",), firewall.is_table, firewall.read_records),
    Format("firewall, key=value", ("firewall",), lines.has_pairs, firewall.read_pairs, True),
    Format("JSON under its own names", ("json",), _is_json, general.read_records),
    Format("CSV as Splunk exports it", ("json",), general.is_table, general.read_records),
    Format("Cisco ASA syslog", ("log",), _is_asa, _not_read),
    Format("Windows DHCP server", ("log",), system.is_dhcp, system.read_dhcp),
    Format("auditd", ("log",), system.is_audit, system.read_audit),
    Format("Squid's own format", ("log",), proxies.is_squid, proxies.read_squid, True),
    Format("W3C extended log", ("log",), proxies.is_w3c, proxies.read_w3c, True),
    Format("syslog by its sourcetype", ("log",), system.is_syslog_type, system.read_syslog),
    Format("Windows events, JSON", ("log",), _is_windows_json, windows.read_records),
    Format("Windows events, XML", ("log",), windows.is_element, windows.read_xml),
    Format("JSON", ("log",), _is_json, general.read_timed),
    Format("key=value", ("log",), lines.has_pairs, general.read_pairs),
    Format("CSV", ("log",), _is_table, general.read_timed),
    Format("syslog by its header", ("log",), system.is_syslog, system.read_syslog),
)
EXPECTED = {
    "": "a log of Zeek, Windows, a firewall, a proxy or a cloud's flows, or an export of Splunk",
    "zeek": "a Zeek log (tab-separated with a # header, JSON, or CSV)",
    "sysmon": "Windows events (XML, JSON, CSV or text)",
    "firewall": "a firewall log (key=value, Palo Alto TRAFFIC, JSON, or CSV with a header) with a "
    "time, src_ip and dest_ip",
    "json": "JSON, or CSV with a header, whose records have _time and sourcetype",
    "log": "JSON lines, Windows event XML, key=value lines, syslog lines, CSV with a header, or a "
    "proxy's log (Squid's own format, W3C extended with #Fields)",
}
# Formats that are known and not read, by what a line of theirs looks like.
FOREIGN = (
    (r"%(?:ASA|FTD|PIX)-", "Cisco ASA syslog"),
    (r"\bCEF: ?\d\|", "CEF"),
    (r"\bLEEF:\d", "LEEF"),
    (r"\bfilterlog(?:\[\d+\])?:", "pfSense's filterlog"),
    (r"\bRT_FLOW: ", "Juniper's unstructured syslog"),
    (r"\bSRC=\S+ DST=\S+ .*\bPROTO=", "netfilter's log (iptables, ufw)"),
    (r"^#Software: Microsoft Windows Firewall", "the Windows Firewall's log"),
    (r"^#Software: Microsoft Internet Information Services", "IIS's log"),
    (r"^#Software: Microsoft Exchange", "Exchange's log"),
    (r"^Date first seen\b|^\d{4}(?:-\d\d){2} [\d:.]+ +[\d.]+ \S+ .*:\d+ +->", "nfdump's text "
     "(its CSV and JSON are read)"),
    (r'^"?Time"?,(?:.*,)?"?Blade"?,', "SmartConsole's CSV (Check Point's Log Exporter is read)"),
    (r'"class_uid" ?:', "OCSF"),
    (r"^timestamp,detections,path,", "Chainsaw's CSV (its JSON is read)"),
    (r"^\[\*\*\] \[|\[\*\*\] \[\d+:\d+:\d+\]", "Snort's or Suricata's alerts as text"),
    (r'^\S+ \S+ \S+ \[[^\]]+\] "[A-Z]+ \S+ HTTP/', "an access log of a web server"),
    (r"^\d\d:\d\d:\d\d\.\d+ IP6? ", "tcpdump's text"),
    (r'"eventSource" ?: ?"[a-z0-9-]+\.amazonaws\.com"', "AWS CloudTrail"),
)  # fmt: skip
NOTHING = Reading("", "", None, Report())
# Kinds of which a file may be an envelope: what names its sourcetype is read as it is.
ENVELOPED = ("zeek", "sysmon", "firewall")
# An envelope may stand in another: a container's log of lines behind a syslog header.
DEEPEST = 3


# What a line shows of a file that no option describes: the kind, the sourcetype that an
# add-on gives it if the kind does not know, and how a line of it looks. The first that fits counts.
RECOGNISED: tuple[tuple[str, str, Callable[[str], bool]], ...] = (
    ("zeek", "", lambda line: zeek.is_directive(line, NOTHING)),
    ("sysmon", "", lambda line: re.search(r"<(?:\w+:)?Events?[\s>]", line) is not None),
    ("sysmon", "", lambda line: windows.is_text(line, NOTHING)),
    ("log", "DhcpSrvLog", lambda line: "Microsoft DHCP Service Activity" in line),
    ("log", "DhcpSrvLog", lambda line: line.startswith("ID,Date,Time,")),
    ("log", "linux_audit", lambda line: system.is_audit(line, NOTHING)),
    ("log", "squid:access", lambda line: proxies.is_squid(line, NOTHING)),
    ("log", "bluecoat:proxysg:access:file", lambda line: line.startswith("#Software: SGOS")),
    ("log", "cisco:wsa:w3c", lambda line: proxies.is_w3c(line, NOTHING) and " x-" in line),
    ("log", "bluecoat:proxysg:access:file", lambda line: proxies.is_w3c(line, NOTHING)),
    ("firewall", "", lambda line: firewall.is_palo_alto(line, NOTHING)),
    ("firewall", "", lambda line: firewall.is_ftd(line, NOTHING)),
    ("firewall", "", lambda line: firewall.is_vpc(line, NOTHING)),
    ("firewall", "", lambda line: firewall.is_record(lines.pairs(line))),
    ("firewall", "", lambda line: {"logid", "devid"} <= lines.pairs(line).keys()),
    ("log", "cron", lambda line: re.search(r" (?:CRON|crond|anacron)\[\d+\]:", line) is not None),
    ("log", "syslog", lambda line: system.is_syslog(line, NOTHING)),
)


def recognised(log: LogFile) -> tuple[str, str]:
    """Return the kind of a file, and its sourcetype where that does not tell; refuse any other."""
    if any(map(_names_its_sourcetype, first(log))):
        return "json", ""
    log = _opened(log, NOTHING._replace(kind=ENVELOPED[0]))
    if not foreign(log):
        columns = tables.header_of(log)
        told = [*first(log), dict.fromkeys(columns.names if columns else (), "")]
        kind = next(filter(None, (_kind_of(record, log) for record in told)), None)
        if kind:
            return kind, ""
        for line in log.first_lines():
            for kind, sourcetype, fits in RECOGNISED:
                if fits(line):
                    return kind, sourcetype
    raise refused(log, "")


def _names_its_sourcetype(record: Record) -> bool:
    event = unwrapped(record)
    return {"sourcetype", "event"} <= record.keys() or {"sourcetype", "_time"} <= event.keys()


def _kind_of(record: Record, log: LogFile) -> Optional[str]:
    fields = flattened(unwrapped(record))
    if windows_records.is_event(record):
        return "sysmon"
    if zeek.is_record(fields, log) or (record and record.keys() <= zeek.PATHS):
        return "zeek"
    return "firewall" if products.is_azure(record) or firewall.is_record(fields) else None


def read(log: LogFile, reading: Reading) -> Events:
    """Return the events of a file, in the format of the first line that fits one."""
    log = _opened(log, reading)
    # JSON of a format that is not read has addresses too, and would be taken for a firewall's.
    if reading.kind == "firewall" and is_json(log.first_line()) and foreign(log):
        raise refused(log, reading.kind)
    found = _format(log, reading)
    if found is None:
        raise refused(log, reading.kind)
    return found.read(log, reading)


def _opened(log: LogFile, reading: Reading) -> LogFile:
    """Return a log, or what stands inside of it."""
    for _ in range(DEEPEST if reading.kind in ENVELOPED else 0):
        inner = envelopes.inside(log)
        if inner is None:
            break
        log = inner
    return log


def _format(log: LogFile, reading: Reading) -> Optional[Format]:
    for line in log.first_lines():
        for known in FORMATS:
            if reading.kind in known.kinds and known.fits(line, reading):
                return known
    return None


def is_by_line(log: LogFile, reading: Reading) -> bool:
    """Tell whether each line of a file is read by itself."""
    found = _format(log, reading) if _opened(log, reading) is log else None
    return found is not None and found.by_line and not several_lines(log)


def foreign(log: LogFile) -> Optional[str]:
    """Return the name of the format of a file's first lines, if it is one that is not read."""
    beginning = log.first_lines()
    if any(firewall.is_ftd(line, NOTHING) for line in beginning):
        return None
    found = (name for form, name in FOREIGN if any(re.search(form, line) for line in beginning))
    return next(found, None)


def refused(log: LogFile, kind: str) -> InputError:
    """Return the error for a file that is not what it was said to be."""
    name = foreign(log)
    if name:
        found = f"{name}, a format that is not supported"
    else:
        found = f"begins with {log.first_line()[:60]!r}"
    return InputError(f"{log.path}: {found}; expected {EXPECTED[kind]}")
