"""Time modifiers, spans, strftime, strptime and the time stamps of logs."""

from zoneinfo import ZoneInfo

import pytest

from replay import InputError
from replay.times import moment_of, relative, span_of, strftime, strptime, timestamp, zone

UTC = ZoneInfo("UTC")
BERLIN = ZoneInfo("Europe/Berlin")
KOLKATA = ZoneInfo("Asia/Kolkata")
# Thursday, 2026-01-01 02:14:10 UTC
MOMENT = 1767233650.0

MODIFIERS = {
    "hours-back": ("-1h", UTC, "2026-01-01 01:14:10"),
    "days-forward": ("+2d", UTC, "2026-01-03 02:14:10"),
    "snap-to-the-hour": ("@h", UTC, "2026-01-01 02:00:00"),
    "a-lag": ("-15m@m", UTC, "2026-01-01 01:59:00"),
    "a-week-back": ("-7d@h", UTC, "2025-12-25 02:00:00"),
    "midnight": ("@d", UTC, "2026-01-01 00:00:00"),
    "snap-then-shift": ("@d+3h", UTC, "2026-01-01 03:00:00"),
    "sunday": ("@w0", UTC, "2025-12-28 00:00:00"),
    "monday": ("@w1", UTC, "2025-12-29 00:00:00"),
    "weeks-begin-on-sunday": ("@w", UTC, "2025-12-28 00:00:00"),
    "last-month": ("-1mon@mon", UTC, "2025-12-01 00:00:00"),
    "year": ("@y", UTC, "2026-01-01 00:00:00"),
    "no-number-is-one": ("-d", UTC, "2025-12-31 02:14:10"),
    "midnight-in-berlin": ("@d", BERLIN, "2025-12-31 23:00:00"),
    "hour-in-a-half-hour-zone": ("@h", KOLKATA, "2026-01-01 01:30:00"),
}


@pytest.mark.parametrize(("modifier", "tz", "expected"), MODIFIERS.values(), ids=MODIFIERS)
def test_relative(modifier, tz, expected):
    assert strftime(relative(MOMENT, modifier, tz), "%Y-%m-%d %H:%M:%S", UTC) == expected


def test_a_day_over_a_clock_change_is_a_calendar_day():
    noon = timestamp("2026-03-29T12:00:00+02:00")
    assert noon - relative(noon, "-1d", BERLIN) == 23 * 3600


BOUNDS = {
    "empty-is-no-bound": ("", None),
    "0-is-no-bound": ("0", None),
    "now": ("now", MOMENT),
    "epoch": ("1767000000", 1767000000.0),
    "modifier": ("-1h", MOMENT - 3600),
}


@pytest.mark.parametrize(("written", "expected"), BOUNDS.values(), ids=BOUNDS)
def test_moment_of(written, expected):
    assert moment_of(written, MOMENT, UTC) == expected


SPANS = {
    "hour": ("1h", UTC, 1767232800.0),
    "ten-minutes": ("10m", UTC, 1767233400.0),
    "bare-seconds": ("30", UTC, 1767233640.0),
    "eight-hours-from-the-epoch": ("8h", UTC, 1767225600.0),
    "day": ("1d", UTC, 1767225600.0),
    "local-day": ("1d", BERLIN, 1767222000.0),
}


@pytest.mark.parametrize(("span", "tz", "expected"), SPANS.values(), ids=SPANS)
def test_span(span, tz, expected):
    assert span_of(span).floor(MOMENT, tz) == expected


FORMATS = {
    "iso": ("%Y-%m-%dT%H:%M:%S%z", BERLIN, "2026-01-01T03:14:10+0100"),
    "short-forms": ("%F %T", UTC, "2026-01-01 02:14:10"),
    "zone": ("%z", KOLKATA, "+0530"),
    "zone-name": ("%Z", BERLIN, "CET"),
    "names": ("%a %b %d %I %p", UTC, "Thu Jan 01 02 AM"),
    "percent": ("100%%", UTC, "100%"),
    "day-numbers": ("%w %u %j", UTC, "4 4 001"),
}


@pytest.mark.parametrize(("form", "tz", "expected"), FORMATS.values(), ids=FORMATS)
def test_strftime(form, tz, expected):
    assert strftime(MOMENT + 0.5, form, tz) == expected


READ = {
    "date": ("2026-01-01", "%Y-%m-%d", UTC, 1767225600.0),
    "date-in-a-zone": ("2026-01-01", "%Y-%m-%d", BERLIN, 1767222000.0),
    "zone-wins": ("2026-01-01T02:14:10Z", "%Y-%m-%dT%H:%M:%S%Z", BERLIN, MOMENT),
    "offset": ("2026-01-01T03:14:10+0100", "%FT%T%z", UTC, MOMENT),
    "epoch": ("1767233650", "%s", UTC, MOMENT),
    "no-date-is-null": ("never", "%Y-%m-%d", UTC, None),
    "no-such-day-is-null": ("2026-02-30", "%Y-%m-%d", UTC, None),
}


@pytest.mark.parametrize(("written", "form", "tz", "expected"), READ.values(), ids=READ)
def test_strptime(written, form, tz, expected):
    assert strptime(written, form, tz) == expected


STAMPS = {
    "iso": ("2026-01-01T02:14:10Z", MOMENT),
    "iso-offset": ("2026-01-01T03:14:10+01:00", MOMENT),
    "iso-short-offset": ("2026-01-01T03:14:10+01", MOMENT),
    "named-zone": ("2026-01-01 02:14:10 UTC", MOMENT),
    "sysmon": ("2026-01-01 02:14:10.123", MOMENT + 0.123),
    "palo-alto": ("2026/01/01 02:14:10", MOMENT),
    "minutes": ("2026-01-01 02:14", 1767233640.0),
    "seconds": ("1767233650", MOMENT),
    "fraction": ("1767233650.25", MOMENT + 0.25),
    "milliseconds": ("1767233650000", MOMENT),
    "microseconds": ("1767233650000000", MOMENT),
    "nanoseconds": ("1767233650000000000", MOMENT),
}


@pytest.mark.parametrize(("written", "expected"), STAMPS.values(), ids=STAMPS)
def test_timestamp(written, expected):
    assert timestamp(written) == pytest.approx(expected, abs=1e-6)


def test_a_bare_time_stamp_is_in_the_given_zone():
    assert timestamp("2026-01-01 03:14:10", BERLIN) == MOMENT


BAD = {
    "word": "yesterday",
    "nothing": "",
    "month-13": "2026-13-01 00:00:00",
    "before-1970": "-5",
    "nan": "nan",
    "beyond-nanoseconds": "1e300",
}


@pytest.mark.parametrize("written", BAD.values(), ids=BAD)
def test_bad_timestamp(written):
    with pytest.raises(ValueError, match=r"not|month"):
        timestamp(written)


def test_unknown_zone_is_named():
    with pytest.raises(InputError, match="Mars/Olympus"):
        zone("Mars/Olympus")
