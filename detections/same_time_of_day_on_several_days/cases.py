"""Cases around every boundary of the time-of-day rule."""

from tests.spl.case import Drawn, case, pair, sites
from tests.spl.drawn import connections, many
from tests.spl.events import (
    DAY,
    NEW_YEAR,
    at,
    daytime,
    fortigate,
    night,
    nights,
    palo_alto,
    sysmon,
    zeek,
)

KEY = ("src", "dest")
SCORED = {"daily_risk": "risk_score", "daily_period": "period"}
DRAWN = Drawn(
    many(connections((zeek, palo_alto, sysmon))),
    sites(thresholds={"daily_days": 2, "daily_hours": 2}),
)


CASES = [
    case("three-days", nights(3)),
    case("four-days", nights(4), pair(hours=4, total_bytes=4000)),
    case(
        "six-days",
        nights(6),
        pair(hours=6),
        prints={
            "reason": "at the same time of day: 6 days with transfers, in 6 hours",
            "signals_seen": "schedule",
            "summary": "10.1.2.3 sends to 203.0.113.9 daily 02:14 ±0 min: 6 kB in 6 nights",
        },
    ),
    case("eight-hours-of-each-day", daytime(5, 8), pair(hours=40)),
    case("one-hour-more-than-eight-of-each-day", daytime(5, 8) + [zeek(at(24 * 4 + 8), 1000)]),
    case("one-hour-less-than-eight-of-each-day", daytime(5, 8)[:-1], pair(hours=39)),
    case(
        "hour-begins-with-the-sending",
        nights(5) + [zeek(night(day, 5), 0) for day in range(5)],
        pair(observations=sorted(f"{int(night(day))}:1000" for day in range(5))),
    ),
    case(
        "nothing-was-sent",
        nights(5, zeek, 0),
        pair(observations=sorted(f"{int(night(day))}:0" for day in range(5))),
    ),
    case(
        "no-byte-counts-on-five-days",
        nights(5, sysmon),
        pair(process=["C:\\Program Files\\Sync\\Sync.exe"]),
    ),
    case(
        "two-logs-of-each-night",
        nights(5) + nights(5, fortigate, 999),
        pair(hours=5, total_bytes=5000, host=["fortigate-1", "zeek-1"]),
    ),
    case("forty-five-days-back", nights(4), pair(), now=NEW_YEAR + 45 * DAY + 1800),
    case("forty-six-days-back", nights(4), now=NEW_YEAR + 46 * DAY + 1800),
    case(
        "three-days-in-universal-time",
        [zeek(NEW_YEAR + day * DAY + second, 1) for day in range(3) for second in (0, DAY - 1)],
    ),
]
