"""The two published T1029 analytics: their thresholds without the scorer.

Source: MITRE's page of T1029 as the app states them: hourly volume (over 100 MB in at least
three hours; tier 9 over 500 MB, else 8) and recurring hours (more than three connections of
over 5 MB, in at least three hours; tier 9 from five hours, else 7).
"""

from collections import Counter

from ..pairs import HOUR, Pair

MIN_HOURS = 3
HOUR_BYTES = 100_000_000
PEAK_BYTES = 500_000_000
CONNECTION_BYTES = 5_000_000
HOUR_CONNECTIONS = 3
MANY_HOURS = 5


def volume_tier(pair: Pair) -> int:
    """9 or 8 for hours of high volume, else 0."""
    volume: Counter = Counter()
    for connection in pair.connections:
        volume[int(connection.epoch // HOUR)] += connection.bytes_out or 0
    high = [total for total in volume.values() if total > HOUR_BYTES]
    if len(high) < MIN_HOURS:
        return 0
    return 9 if max(high) > PEAK_BYTES else 8


def recurring_tier(pair: Pair) -> int:
    """9 or 7 for recurring hours of large (or listed) connections, else 0."""
    listed = bool(pair.context.get("listed"))
    hours = Counter(
        int(connection.epoch // HOUR)
        for connection in pair.connections
        if listed or (connection.bytes_out or 0) > CONNECTION_BYTES
    )
    recurring = sum(number > HOUR_CONNECTIONS for number in hours.values())
    if recurring < MIN_HOURS:
        return 0
    return 9 if recurring >= MANY_HOURS else 7


def score(pair: Pair) -> float:
    """The higher tier of the two."""
    return float(max(volume_tier(pair), recurring_tier(pair)))
