"""Risk factors of a transfer: what is sent, to whom, how, since when. Regularity is not malice.

Each factor has a weight, a natural logarithm of a likelihood ratio: how many times likelier it is
in a scheduled exfiltration than in an office's legitimate traffic. The weights are rounded
judgements from the mechanism, not fits to any recording. What is not known gives no factor.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import exp, log, log10
from typing import NamedTuple

from .detectors import Evidence
from .fields import Known
from .parsing import LARGEST_COUNT
from .series import DAY, Series

# A score is 0 to 10.
MOST_RISK = 10.0
# Most pairs are legitimate: without any factor the risk is 10 / (1 + e^2.2) = 1.
PRIOR = -2.2
# A certain schedule alone brings even odds (risk 5): regularity is not malice.
SCHEDULE = 2.2
# Without a schedule a pair is weighed only if one observation sends this many bytes or the
# destination is listed: a large transfer shall not get lost over a weak schedule.
LARGE = 10_000_000


class Factor(NamedTuple):
    """A weight for (above 0) or against a transfer, and its name and facts for the reason."""

    weight: float
    name: str
    facts: tuple = ()


def score(regularity: float, factors: Iterable[Factor]) -> float:
    """The risk, 0 to 10, of a schedule that is as sure as 0 to 1.

    >>> score(0.0, []), score(1.0, []), score(1.0, [Factor(2.5, 'listed')])
    (1.0, 5.0, 9.2)
    """
    odds = PRIOR + SCHEDULE * regularity + sum([factor.weight for factor in factors])
    return round(MOST_RISK / (1 + exp(-odds)), 1)


def is_worth_weighing(series: Series, known: Known) -> bool:
    """Whether a pair without a schedule may matter all the same."""
    if known.listed and series.epochs:
        return True
    return max(series.sent, default=0) >= LARGE


def weigh(series: Series, known: Known, found: Evidence | None, sure: float) -> list[Factor]:
    """All factors that the facts allow."""
    out = _total(series.sent)
    back = known.bytes_in if not series.received else _total(series.received)
    compared = back is not None and not _is_one_sided(series, known)
    factors = _of_bytes(series, out, back if compared else None) + _of_destination(
        series, known, out
    )
    if found:
        factors += _of_schedule(series, found, sure)
    return factors


def _of_bytes(series: Series, out: int | None, back: float | None) -> list[Factor]:
    if out is None:
        return []
    days = series.span / DAY * len(series.epochs) / (len(series.gaps) or 1)
    return [volume(out, days), *([] if back is None else [direction(out, back)])]


# Share of the contacts of which one side may be unknown for the sums to be compared.
ONE_SIDED = 0.1


def _is_one_sided(series: Series, known: Known) -> bool:
    """Whether the bytes of one side are missing from many contacts: their sums compare nothing."""
    missing = abs(len(series.sent) - len(series.received)) if series.received else 0
    return known.one_sided or missing > ONE_SIDED * len(series.epochs)


def _of_destination(series: Series, known: Known, out: int | None) -> list[Factor]:
    factors = []
    if known.senders and known.population:
        factors.append(prevalence(known.senders, known.population))
    if known.first_seen is not None:
        factors.append(age(max(0.0, series.epochs[-1] - known.first_seen) / DAY))
    if known.listed:
        factors.append(Factor(LISTED, "listed"))
    if known.odd_port:
        factors.append(Factor(ODD_PORT, "odd port", (known.odd_port, known.app)))
    elif known.expected:
        packet = None if out is None else out / len(series.sent)
        factors.append(service(known.expected, known.port, known.app, packet))
    return factors


def _of_schedule(series: Series, found: Evidence, sure: float) -> list[Factor]:
    """Factors that lie in the schedule itself, in proportion to how sure it is."""
    days = kept(series, found) / DAY
    return [
        frequency(series, found, sure),
        Factor(sure * HELD * min(1.0, days / HELD_DAYS), "held", (days,)),
    ]


def _total(counts: Sequence[int]) -> int | None:
    """Sum of the counts, None without any: unknown is not zero."""
    return min(LARGEST_COUNT, sum(counts)) if counts else None


def ramp(value: float, start: float, full: float) -> float:
    """0 up to start, 1 from full on, and in proportion between.

    >>> ramp(1, 2, 4), ramp(3, 2, 4), ramp(9, 2, 4)
    (0.0, 0.5, 1.0)
    """
    return min(1.0, max(0.0, (value - start) / (full - start)))


# Bytes out against bytes in: browsing and updates fetch, exfiltration sends. A thousand bytes each
# way are the talk of the protocols.
RATIO, RATIO_DECADES, PROTOCOL_BYTES = 1.5, 1.5, 1_000
FETCHING, FETCHING_RATIO = -0.5, 0.05
# Nothing sent and nothing answered: attempts, not transfers.
NOTHING_MOVED = -1.0


def direction(out: int, back: float) -> Factor:
    """Bytes out against bytes in."""
    if not out and not back:
        return Factor(NOTHING_MOVED, "nothing moved")
    if out < FETCHING_RATIO * back:
        return Factor(FETCHING, "direction", (out, back))
    decades = log10((out + PROTOCOL_BYTES) / (back + PROTOCOL_BYTES))
    return Factor(RATIO * ramp(decades, 0, RATIO_DECADES), "direction", (out, back))


# Bytes a day: from a megabyte, full at ten gigabytes.
VOLUME, VOLUME_FROM, VOLUME_DECADES = 1.6, 1e6, 4


def volume(out: int, days: float) -> Factor:
    """Bytes sent a day."""
    daily = out / max(1.0, days)
    decades = log10(max(daily, VOLUME_FROM) / VOLUME_FROM)
    return Factor(VOLUME * min(1.0, decades / VOLUME_DECADES), "volume", (daily,))


# One of many hosts talks to it, or half of them do; few hosts in sight say little.
RARE, COMMON, RARE_SHARE, COMMON_SHARE, FEW_HOSTS = 0.9, -1.8, 0.005, 0.5, 30


def prevalence(senders: float, population: float) -> Factor:
    """How few of the hosts talk to the destination."""
    population = max(senders, population)
    share = max(senders - 0.5, 0.5) / population
    position = ramp(log(share), log(RARE_SHARE), log(COMMON_SHARE))
    trust = population / (population + FEW_HOSTS)
    weight = (RARE + (COMMON - RARE) * position) * trust
    return Factor(weight, "prevalence", (senders, population))


# Days since the site first saw the destination. Most intrusions are found within weeks, one in
# twenty goes on for half a year: what has been served that long is an arrangement.
NEW, OLD, NEW_DAYS, OLD_DAYS = 0.7, -3.0, 30, 180


def age(days: float) -> Factor:
    """Days since the site first saw the destination."""
    position = ramp(log(max(days, 1)), log(NEW_DAYS), log(OLD_DAYS))
    return Factor(NEW + (OLD - NEW) * position, "age", (days,))


# The destination is on a list of suspicious addresses.
LISTED = 2.5
# Contact more often than a programme looks for news (every 15 minutes): a channel is kept open.
# A quarter of a day shows what goes on all day: longer than people stay at one thing.
RATE, RATE_FROM, RATE_FULL, RATE_CONTACTS, RATE_DAYS = 1.2, 96.0, 720.0, 60, 0.25


def kept(series: Series, found: Evidence) -> float:
    """Seconds in which the schedule was seen: bursts of minutes on several days are no days."""
    return min(series.span, found.observed * found.period)


def frequency(series: Series, found: Evidence, sure: float) -> Factor:
    """Contacts a day on a schedule (as sure as 0 to 1)."""
    daily = DAY / found.period
    often = min(1.0, log(max(daily, RATE_FROM) / RATE_FROM) / log(RATE_FULL / RATE_FROM))
    shown = min(1.0, kept(series, found) / DAY / RATE_DAYS)
    weight = sure * RATE * often * shown * min(1.0, found.observed / RATE_CONTACTS)
    return Factor(weight, "frequency", (len(series.epochs), series.span))


# Days that the schedule has held; exfiltration goes on until it is stopped.
HELD, HELD_DAYS = 0.5, 7
# A port of which no service is expected; a protocol that is not the port's.
ODD_PORT, ODD_APP = 0.8, 1.2
# Clock synchronisation has its own port and its own small packets (bytes).
TIME_SERVICE, TIME_PACKET = -1.5, 1_000
# What sensors recognise by its bytes. Other names are those of applications, as firewalls have them
# (google-base, ms-office365): they come over any protocol, and none of them belongs to a port.
PROTOCOLS = frozenset((
    "amqp", "amqps", "bittorrent", "dce_rpc", "dhcp", "dnp3", "dns", "ftp", "ftp-data", "ftps",
    "gnutella", "gssapi", "http", "http2", "http3", "https", "ident", "ike", "imap", "imaps", "ipp",
    "ipsec", "irc", "kerberos", "krb", "krb_tcp", "krb_udp", "l2tp", "ldap", "ldap_tcp", "ldap_udp",
    "ldaps", "llmnr", "mdns", "modbus", "mongodb", "mqtt", "ms-sql", "mysql", "netbios-dgm",
    "netbios-ns", "nfs", "ntlm", "ntp", "openvpn", "oracle", "pop3", "pop3s", "postgresql", "pptp",
    "quic", "radius", "rdp", "rdpeudp", "redis", "rfb", "rlogin", "rsh", "rsync", "sieve", "sip",
    "sips", "smb", "smtp", "smtps", "snmp", "socks", "ssdp", "ssh", "ssl", "stun", "syslog",
    "telnet", "teredo", "tftp", "tls", "vnc", "vxlan", "web-browsing", "wireguard", "xmpp",
))  # fmt: skip


def service(expected: frozenset[str], port: str, app: str, packet: float | None) -> Factor:
    """A protocol that is not the port's, or the time service.

    >>> service(frozenset({'ssl'}), '443', 'irc', None).weight
    1.2
    >>> service(frozenset({'ssl'}), '443', 'google-base', None).weight
    0.0
    >>> service(frozenset({'ntp'}), '123', 'ntp', 48).weight
    -1.5
    """
    if expected == {"ntp"} and (packet is None or packet < TIME_PACKET):
        return Factor(TIME_SERVICE, "time service")
    spoken = frozenset(app.replace(",", " ").split())
    if spoken & PROTOCOLS and not spoken & expected:
        return Factor(ODD_APP, "odd app", (port, app))
    return Factor(0.0, "usual service")
