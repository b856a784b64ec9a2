"""Cases around every boundary of the first published analytic."""

from functools import partial

from tests.spl.case import WEEK_LATER, Drawn, Expected, case, pair
from tests.spl.drawn import volumes, widest_sites
from tests.spl.events import DAY, HOUR, MB, NEW_YEAR, at, night, palo_alto, volume, zeek

KEY = ("src", "dest_ip")
DRAWN = Drawn(volumes, widest_sites, examples=30)
# The search looks back seven days to the hour and leaves out the last quarter of an hour.
WINDOW_END = NEW_YEAR + 7 * DAY + 900
case = partial(case, now=WEEK_LATER)


def heavy(hours: int, total_bytes: int, floor: int = 8, **fields: object) -> Expected:
    return pair(hours=hours, total_bytes=total_bytes, floor=floor, **fields)


CASES = [
    case("hour-at-100-million", volume(range(3), 100_000_000)),
    case("hour-one-past-100-million", volume(range(3), 100_000_001), heavy(3, 300_000_003)),
    case(
        "one-hour-of-three-at-100-million", volume(range(2), 100_000_001) + volume([2], 100_000_000)
    ),
    case("peak-at-500-million", volume(range(3), 500_000_000), heavy(3, 1_500_000_000, 8)),
    case(
        "peak-one-past-500-million",
        volume(range(2), 200 * MB) + volume([2], 500_000_001),
        heavy(3, 900_000_001, 9),
    ),
    case("two-heavy-hours", volume(range(2), 600 * MB)),
    case("five-heavy-hours", volume(range(5), 101 * MB), heavy(5, 505 * MB)),
    case(
        "light-hours-between-heavy-ones",
        volume([0, 5, 9], 101 * MB) + volume([2, 3, 7], 99 * MB),
        heavy(3, 303 * MB),
    ),
    case(
        "hour-cut-into-101-uploads",
        [zeek(at(hour, 30.0 * part), MB) for hour in range(3) for part in range(101)],
        heavy(3, 303 * MB),
    ),
    case(
        "halves-on-both-sides-of-the-hour",
        [zeek(at(hour, second), 60 * MB) for hour in (1, 4, 7) for second in (HOUR - 0.001, HOUR)],
    ),
    case(
        "first-and-last-instant-of-an-hour",
        [zeek(at(hour, second), 60 * MB) for hour in (1, 4, 7) for second in (0, HOUR - 0.001)],
        heavy(
            3, 360 * MB, observations=tuple(f"{at(hour, 0):.0f}:120000000" for hour in (1, 4, 7))
        ),
    ),
    case(
        "fraction-of-a-second",
        [zeek(at(hour, 850.999), 101 * MB) for hour in range(3)],
        heavy(
            3, 303 * MB, observations=tuple(f"{at(hour, 850):.0f}:101000000" for hour in range(3))
        ),
    ),
    case(
        "empty-connection-first-in-the-hour",
        volume(range(3), 101 * MB) + [zeek(at(hour, 5), 0) for hour in range(3)],
        heavy(3, 303 * MB, observations=tuple(f"{at(hour):.0f}:101000000" for hour in range(3))),
    ),
    case(
        "two-senders-each-below-three-hours",
        volume(range(2), 600 * MB) + volume([2], 600 * MB, **{"id.orig_h": "10.1.2.4"}),
    ),
    case(
        "two-destinations-each-below-three-hours",
        volume(range(2), 600 * MB) + volume([2], 600 * MB, **{"id.resp_h": "203.0.113.10"}),
    ),
    case(
        "two-senders-to-two-destinations",
        [
            event
            for number in (4, 5)
            for event in volume(
                range(number),
                101 * MB,
                **{"id.orig_h": f"10.1.2.{number}", "id.resp_h": f"203.0.113.{number}"},
            )
        ],
        heavy(4, 404 * MB, src="10.1.2.4", dest_ip="203.0.113.4"),
        heavy(5, 505 * MB, src="10.1.2.5", dest_ip="203.0.113.5"),
    ),
    case(
        "more-than-100-heavy-hours",
        volume(range(120), 101 * MB),
        heavy(
            120,
            120 * 101 * MB,
            observations=tuple(f"{at(hour):.0f}:101000000" for hour in range(120)),
        ),
    ),
    case(
        "published-example",
        [make(night(day), 150 * MB) for day in range(3) for make in (zeek, palo_alto)]
        + [zeek(night(3, 10 * HOUR), 90 * MB)],
        heavy(
            3,
            450 * MB,
            host=("fw-1", "zeek-1"),
            observations=(
                "1767233650:150000000",
                "1767320050:150000000",
                "1767406450:150000000",
            ),
        ),
    ),
    case(
        "first-instant-of-the-window",
        [zeek(NEW_YEAR, 101 * MB)] + volume([5, 6], 101 * MB),
        heavy(3, 303 * MB),
    ),
    case("just-before-the-window", [zeek(NEW_YEAR - 0.001, 600 * MB)] + volume([5, 6], 101 * MB)),
    case(
        "last-instant-of-the-window",
        volume([5, 6], 101 * MB) + [zeek(WINDOW_END - 0.001, 101 * MB)],
        heavy(3, 303 * MB),
    ),
    case("just-after-the-window", volume([5, 6], 101 * MB) + [zeek(WINDOW_END, 600 * MB)]),
    case(
        "other-thresholds-of-volume",
        volume([0, 1], 1001) + [zeek(at(hour, 5), 10) for hour in (0, 1)],
        heavy(2, 2002, 9),
        thresholds={
            "volume_event_bytes": 10,
            "volume_hour_bytes": 1000,
            "volume_hours": 2,
            "volume_peak_bytes": 1000,
        },
    ),
    case(
        "published-floor-of-a-single-connection",
        [zeek(at(hour, 30.0 * part), 10 * MB) for hour in range(3) for part in range(20)]
        + [zeek(at(hour, 30.0 * part), 11 * MB) for hour in (5, 6, 7) for part in range(20)],
        heavy(3, 660 * MB),
        thresholds={"volume_event_bytes": 10_000_000},
    ),
]
