"""Signs of a transfer: what is sent, to whom, how, since when. Regularity is not malice.

Each sign is a weight for or against (a natural logarithm of a likelihood ratio) with its
words. What is not known gives no sign, and its name is returned instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import log, log10
from typing import NamedTuple

from . import words
from .observations import LARGEST_COUNT, LATEST_EPOCH, number
from .weights import (
    BUSY,
    COMMON,
    COMMON_SHARE,
    DAY,
    FETCHING,
    FETCHING_RATIO,
    FEW_HOSTS,
    HABIT,
    HABIT_DAYS,
    IDLE,
    IDLE_SHARE,
    LISTED,
    NEW,
    NEW_DAYS,
    NOTHING_MOVED,
    ODD_APP,
    ODD_PORT,
    OLD,
    OLD_DAYS,
    PROTOCOL_BYTES,
    RARE,
    RARE_SHARE,
    RATE,
    RATE_BEATS,
    RATE_FROM,
    RATE_FULL,
    RATIO,
    RATIO_SPAN,
    TIME_PACKET,
    TIME_SERVICE,
    VOLUME,
    VOLUME_DECADES,
    VOLUME_FROM,
)

# Services of the ports that offices use, by the names that sensors give them.
SERVICES = {
    20: "ftp-data ftp", 21: "ftp", 22: "ssh", 25: "smtp", 53: "dns", 80: "http", 110: "pop3",
    123: "ntp", 143: "imap", 389: "ldap", 443: "ssl tls https quic http2 http3", 465: "ssl smtp",
    587: "smtp ssl", 636: "ldap ssl", 853: "dns ssl", 993: "ssl imap", 995: "ssl pop3",
    3128: "http", 3478: "stun", 5061: "sip ssl", 5222: "xmpp ssl", 5223: "ssl", 5228: "ssl",
    8080: "http", 8443: "ssl https",
}  # fmt: skip


class Sign(NamedTuple):
    """A weight for (above 0) or against a transfer, and its words."""

    weight: float
    text: str


def ramp(value: float, start: float, full: float) -> float:
    """0 up to start, 1 from full on, and in proportion between.

    >>> ramp(1, 2, 4), ramp(3, 2, 4), ramp(9, 2, 4), ramp(9, 4, 2)
    (0.0, 0.5, 1.0, 0.0)
    """
    return min(1.0, max(0.0, (value - start) / (full - start)))


def bytes_ratio(out: int, back: int) -> Sign:
    """Bytes out against bytes in; nothing either way is a failed attempt."""
    text = f"{words.amount(out)} out, {words.amount(back)} in"
    if not out and not back:
        return Sign(NOTHING_MOVED, "no byte was sent or received")
    if out < FETCHING_RATIO * back:
        return Sign(FETCHING, text)
    decades = log10((out + PROTOCOL_BYTES) / (back + PROTOCOL_BYTES))
    return Sign(RATIO * ramp(decades, 0, RATIO_SPAN), text)


def volume(out: int, days: float) -> Sign:
    """Bytes sent a day."""
    daily = out / max(1.0, days)
    decades = log10(max(daily, 1) / VOLUME_FROM)
    return Sign(VOLUME * ramp(decades, 0, VOLUME_DECADES), f"{words.amount(daily)} out a day")


def rarity(senders: float, population: float) -> Sign:
    """How few of the hosts talk to the destination; of few hosts, little can be said."""
    share = (senders - 0.5) / population
    position = ramp(log10(share), log10(RARE_SHARE), log10(COMMON_SHARE))
    weight = RARE + (COMMON - RARE) * position
    trust = population / (population + FEW_HOSTS)
    talk = "talks" if senders == 1 else "talk"
    return Sign(weight * trust, f"{senders:.0f} of {population:.0f} hosts {talk} to it")


def newness(days: float) -> Sign:
    """Days since the site first saw the destination."""
    position = ramp(log(max(days, 1)), log(NEW_DAYS), log(OLD_DAYS))
    return Sign(NEW + (OLD - NEW) * position, f"first seen {days:.0f} days ago")


def rate(daily: float, beats: int) -> Sign:
    """Contacts a day on a schedule: more often than one looks for news."""
    often = ramp(log(daily), log(RATE_FROM), log(RATE_FULL))
    weight = RATE * often * min(1.0, beats / RATE_BEATS)
    return Sign(weight, f"in touch {daily:.0f} times a day")


def habit(days: float) -> Sign:
    """Days for which the schedule has held."""
    return Sign(HABIT * ramp(days, 0, HABIT_DAYS), f"has kept its schedule for {days:.1f} days")


def service(ports: list[int], app: str, packet: float | None) -> Sign:
    """A port without a common service, a protocol that is not the port's, or the time service."""
    known = [port for port in ports if port in SERVICES]
    if len(known) < len(ports):
        odd = next(port for port in ports if port not in SERVICES)
        spoken = f" ({app})" if app else ""
        return Sign(ODD_PORT, f"port {odd}{spoken} belongs to no common service")
    if ports == [123] and (packet is None or packet < TIME_PACKET):
        return Sign(TIME_SERVICE, "small packets of the time service (port 123)")
    expected = " ".join(SERVICES[port] for port in known).split()
    if app and not any(name in expected for name in app.replace(",", " ").split()):
        return Sign(ODD_APP, f"{app} on port {ports[0]}")
    return Sign(0.0, "")


def idle_hours(share: float, hour: int) -> Sign:
    """The share of the sender's activity that falls into the hour of the schedule."""
    busy = ramp(share, IDLE_SHARE, 1 / 24)
    rest = "idle" if busy < 0.5 else "active"
    return Sign(IDLE + (BUSY - IDLE) * busy, f"its sender is usually {rest} at {hour:02d} h")


LISTED_SIGN = Sign(LISTED, "destination is on a list of suspicious addresses")


class Context:
    """The optional fields of a row: read once, with the unreadable ones named."""

    def __init__(self, fields: Mapping[str, str] | None):
        self.fields = fields or {}
        self.faults: list[str] = []

    def text(self, name: str) -> str:
        return str(self.fields.get(name) or "").strip()

    def number(self, name: str, largest: float = LARGEST_COUNT) -> float | None:
        text = self.text(name)
        if not text:
            return None
        try:
            return number(text, largest)
        except ValueError:
            self.faults.append(f"{name} {text!r}")
            return None

    def epoch(self, name: str) -> float | None:
        return self.number(name, LATEST_EPOCH)

    def offset(self) -> float:
        """utc_offset in seconds, from `+0200` or from seconds; 0 where unknown."""
        text = self.text("utc_offset")
        if not text:
            return 0
        try:
            return _offset(text)
        except ValueError:
            self.faults.append(f"utc_offset {text!r}")
            return 0

    def ports(self) -> list[int]:
        parts = self.text("dest_port").replace(",", " ").split()
        try:
            return [int(number(part, 65_535)) for part in parts]
        except ValueError:
            self.faults.append(f"dest_port {self.text('dest_port')!r}")
            return []

    def hours(self) -> list[float] | None:
        """The 24 counts of host_hours, None where unknown or empty."""
        text = self.text("host_hours")
        if not text:
            return None
        try:
            counts = [number(part, LARGEST_COUNT) for part in text.split(",")]
        except ValueError:
            counts = []
        if len(counts) != 24:
            self.faults.append(f"host_hours {text!r}")
            return None
        return counts if sum(counts) else None


def _offset(text: str) -> float:
    sign = -1 if text[0] == "-" else 1
    digits = text.lstrip("+-").replace(":", "")
    if len(digits) == 4 and text[0] in "+-":
        return sign * (int(digits[:2]) * 3_600 + int(digits[2:]) * 60)
    return sign * number(digits, DAY)
