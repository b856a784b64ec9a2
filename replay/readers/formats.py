"""The formats that are read, and those that are known and not read: one table of each."""

import re
from collections.abc import Iterator
from typing import Any, Callable, NamedTuple, Optional

from ..errors import InputError
from . import firewall, general, lines, proxies, system, windows, zeek
from .records import several_lines
from .source import LogFile, Reading

Events = Iterator[dict[str, Any]]


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
    return line.lstrip().startswith(("{", "["))


def _is_windows_json(line: str, reading: Reading) -> bool:
    return windows.is_windows(reading.sourcetype) and _is_json(line, reading)


def _is_asa(line: str, _reading: Reading) -> bool:
    return re.search("%(?:ASA|FTD)-", line) is not None


def _not_read(log: LogFile, reading: Reading) -> Events:
    raise refused(log, reading.kind)


# The first one that fits a line is taken.
FORMATS = (
    Format("Zeek, tab-separated", ("zeek",), zeek.is_directive, zeek.read_tsv, True),
    Format("Zeek, JSON", ("zeek",), _is_json, zeek.read_json, True),
    Format("Windows events, JSON", ("sysmon",), _is_json, windows.read_json, True),
    Format("Windows events, XML", ("sysmon",), windows.is_xml, windows.read_xml),
    Format("firewall, JSON", ("firewall",), _is_json, firewall.read_json, True),
    Format(
        "Palo Alto TRAFFIC and URL",
        ("firewall",),
        firewall.is_palo_alto,
        firewall.read_palo_alto,
        True,
    ),
    Format("firewall, key=value", ("firewall",), lines.has_pairs, firewall.read_pairs, True),
    Format("firewall, CSV", ("firewall",), firewall.is_csv, firewall.read_csv),
    Format("JSON under its own names", ("json",), _is_json, general.read_json),
    Format("Cisco ASA syslog", ("log",), _is_asa, _not_read),
    Format("Windows DHCP server", ("log",), system.is_dhcp, system.read_dhcp),
    Format("auditd", ("log",), system.is_audit, system.read_audit),
    Format("Squid's own format", ("log",), proxies.is_squid, proxies.read_squid, True),
    Format("W3C extended log", ("log",), proxies.is_w3c, proxies.read_w3c, True),
    Format("syslog by its sourcetype", ("log",), system.is_syslog_type, system.read_syslog),
    Format("Windows events, JSON", ("log",), _is_windows_json, windows.read_json),
    Format("Windows events, XML", ("log",), windows.is_element, windows.read_xml),
    Format("JSON", ("log",), _is_json, general.read_timed_json),
    Format("key=value", ("log",), lines.has_pairs, general.read_pairs),
    Format("CSV", ("log",), lines.is_csv, general.read_csv),
    Format("syslog by its header", ("log",), system.is_syslog, system.read_syslog),
)
EXPECTED = {
    "zeek": "a Zeek log (tab-separated with a # header, or JSON lines)",
    "sysmon": "Windows events (XML, or JSON lines)",
    "firewall": "a firewall log (key=value, Palo Alto TRAFFIC, JSON, or CSV with a header) with a "
    "time, src_ip and dest_ip",
    "json": "JSON lines or a JSON array",
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
    (r"^version account-id |^\d \d{12} eni-", "flow logs of AWS VPC"),
    (r'"flow(?:Tuples|Records)"', "flow logs of Azure"),
    (r'"flow_id" ?:|"event_type" ?: ?"(?:flow|netflow|stats)"', "Suricata's eve.json"),
    (r"^ts,te,td,sa,da,", "nfdump's CSV"),
)


def read(log: LogFile, reading: Reading) -> Events:
    """Return the events of a file, in the format of the first line that fits one."""
    # JSON of a format that is not read has addresses too, and would be taken for a firewall's.
    if reading.kind == "firewall" and _is_json(log.first_line(), reading) and foreign(log):
        raise refused(log, reading.kind)
    found = _format(log, reading)
    if found is None:
        raise refused(log, reading.kind)
    return found.read(log, reading)


def _format(log: LogFile, reading: Reading) -> Optional[Format]:
    for line in log.first_lines():
        for known in FORMATS:
            if reading.kind in known.kinds and known.fits(line, reading):
                return known
    return None


def is_by_line(log: LogFile, reading: Reading) -> bool:
    """Tell whether each line of a file is read by itself."""
    found = _format(log, reading)
    return found is not None and found.by_line and not several_lines(log)


def foreign(log: LogFile) -> Optional[str]:
    """Return the name of the format of a file's first lines, if it is one that is not read."""
    first = log.first_lines()
    found = (name for form, name in FOREIGN if any(re.search(form, line) for line in first))
    return next(found, None)


def refused(log: LogFile, kind: str) -> InputError:
    """Return the error for a file that is not what it was said to be."""
    name = foreign(log)
    if name:
        found = f"{name}, a format that is not supported"
    else:
        found = f"begins with {log.first_line()[:60]!r}"
    return InputError(f"{log.path}: {found}; expected {EXPECTED[kind]}")
