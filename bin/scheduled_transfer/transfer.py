"""Signs of a transfer: what is sent, to whom, how, since when. Regularity is not malice.

Each sign is a weight for or against (a natural logarithm of a likelihood ratio) with its
words. What is not known gives no sign, and what says nothing NO_SIGN.
"""

from __future__ import annotations

from functools import lru_cache
from math import log, log10

from . import words
from .weights import (
    BUSY,
    COMMON,
    COMMON_SHARE,
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
    3128: "http ssl", 3478: "stun", 5061: "sip ssl", 5222: "xmpp ssl", 5223: "ssl", 5228: "ssl",
    8080: "http", 8443: "ssl https",
}  # fmt: skip
EXPECTED = {port: frozenset(names.split()) for port, names in SERVICES.items()}
NTP = (123,)
RATE_SPAN = log(RATE_FULL / RATE_FROM)
UNNAMED = frozenset(("", "-", "unknown", "incomplete"))


# A weight for (above 0) or against a transfer, a phrase and the facts that it takes; a plain tuple,
# since every pair makes some and a named one takes ten times as long.
Sign = tuple
NO_SIGN: Sign = (0.0, str, ())


def ramp(value: float, start: float, full: float) -> float:
    """0 up to start, 1 from full on, and in proportion between.

    >>> ramp(1, 2, 4), ramp(3, 2, 4), ramp(9, 2, 4)
    (0.0, 0.5, 1.0)
    """
    position = (value - start) / (full - start)
    if position < 0:
        return 0.0
    return 1.0 if position > 1 else position


def bytes_ratio(out: int, back: float) -> Sign:
    """Bytes out against bytes in; nothing either way is a failed attempt.

    >>> weight, phrase, facts = bytes_ratio(212_000_000, 8_000_000)
    >>> round(weight, 2), phrase(*facts)
    (1.42, '212 MB out, 8 MB in')
    """
    if not out and not back:
        return NOTHING_MOVED, words.nothing_moved, ()
    if out < FETCHING_RATIO * back:
        return FETCHING, words.both_ways, (out, back)
    decades = log10((out + PROTOCOL_BYTES) / (back + PROTOCOL_BYTES))
    return RATIO * ramp(decades, 0, RATIO_SPAN), words.both_ways, (out, back)


def volume(out: int, days: float) -> Sign:
    """Bytes sent a day."""
    daily = out / max(1.0, days)
    if daily <= VOLUME_FROM:
        return NO_SIGN
    decades = log10(daily / VOLUME_FROM)
    return VOLUME * min(1.0, decades / VOLUME_DECADES), words.daily_volume, (daily,)


@lru_cache(maxsize=4096)
def rarity(senders: float, population: float) -> Sign:
    """How few of the hosts talk to the destination; of few hosts, little can be said."""
    population = max(senders, population)
    share = max(senders - 0.5, 0.5) / population
    position = ramp(log(share), log(RARE_SHARE), log(COMMON_SHARE))
    trust = population / (population + FEW_HOSTS)
    weight = (RARE + (COMMON - RARE) * position) * trust
    return weight, words.talkers, (senders, population)


def newness(days: float) -> Sign:
    """Days since the site first saw the destination."""
    position = ramp(log(max(days, 1)), log(NEW_DAYS), log(OLD_DAYS))
    return NEW + (OLD - NEW) * position, words.age, (days,)


def rate(daily: float, beats: int, sure: float) -> Sign:
    """Contacts a day on a schedule (as sure as 0 to 1): more often than one looks for news."""
    if daily <= RATE_FROM:
        return NO_SIGN
    often = min(1.0, log(daily / RATE_FROM) / RATE_SPAN)
    return sure * RATE * often * min(1.0, beats / RATE_BEATS), words.contacts, (daily,)


def habit(days: float, sure: float) -> Sign:
    """Days for which the schedule has held."""
    return sure * HABIT * min(1.0, days / HABIT_DAYS), words.held, (days,)


def service(ports: tuple[int, ...], app: str, packet: float | None) -> Sign:
    """A port without a common service, a protocol that is not the port's, or the time service."""
    if ports == NTP and (packet is None or packet < TIME_PACKET):
        return TIME_SERVICE, words.time_service, ()
    return _protocol(ports, app)


@lru_cache(maxsize=4096)
def _protocol(ports: tuple[int, ...], app: str) -> Sign:
    odd = [port for port in ports if port not in EXPECTED]
    if odd:
        return ODD_PORT, words.odd_port, (odd[0], app)
    spoken = frozenset(app.replace(",", " ").split()) - UNNAMED
    if spoken and not any(spoken & EXPECTED[port] for port in ports):
        return ODD_APP, words.odd_app, (ports[0], app)
    return NO_SIGN


def hour_of_day(share: float, hour: int, sure: float) -> Sign:
    """The share of the sender's activity that falls into the hour of the schedule."""
    busy = ramp(share, IDLE_SHARE, 1 / 24)
    rest = "idle" if busy < 0.5 else "active"
    return sure * (IDLE + (BUSY - IDLE) * busy), words.hour_of_day, (rest, hour)


ON_A_LIST: Sign = (LISTED, words.listed, ())
