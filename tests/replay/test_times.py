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

MODIFIERS = [
    pytest.param("-1h", UTC, "2026-01-01 01:14:10", id="hours-back"),
    pytest.param("+2d", UTC, "2026-01-03 02:14:10", id="days-forward"),
    pytest.param("@h", UTC, "2026-01-01 02:00:00", id="snap-to-the-hour"),
    pytest.param("-15m@m", UTC, "2026-01-01 01:59:00", id="a-lag"),
    pytest.param("-7d@h", UTC, "2025-12-25 02:00:00", id="a-week-back"),
    pytest.param("@d", UTC, "2026-01-01 00:00:00", id="midnight"),
    pytest.param("@d+3h", UTC, "2026-01-01 03:00:00", id="snap-then-shift"),
    pytest.param("@w0", UTC, "2025-12-28 00:00:00", id="sunday"),
    pytest.param("@w1", UTC, "2025-12-29 00:00:00", id="monday"),
    pytest.param("@w", UTC, "2025-12-28 00:00:00", id="weeks-begin-on-sunday"),
    pytest.param("-1mon@mon", UTC, "2025-12-01 00:00:00", id="last-month"),
    pytest.param("@y", UTC, "2026-01-01 00:00:00", id="year"),
    pytest.param("-d", UTC, "2025-12-31 02:14:10", id="no-number-is-one"),
    pytest.param("@d", BERLIN, "2025-12-31 23:00:00", id="midnight-in-berlin"),
    pytest.param("@h", KOLKATA, "2026-01-01 01:30:00", id="hour-in-a-half-hour-zone"),
]


@pytest.mark.parametrize(("modifier", "tz", "expected"), MODIFIERS)
def test_relative(modifier, tz, expected):
    assert strftime(relative(MOMENT, modifier, tz), "%Y-%m-%d %H:%M:%S", UTC) == expected


def test_a_day_over_a_clock_change_is_a_calendar_day():
    noon = timestamp("2026-03-29T12:00:00+02:00")
    assert noon - relative(noon, "-1d", BERLIN) == 23 * 3600


BOUNDS = [
    pytest.param("", None, id="empty-is-no-bound"),
    pytest.param("0", None, id="0-is-no-bound"),
    pytest.param("now", MOMENT, id="now"),
    pytest.param("1767000000", 1767000000.0, id="epoch"),
    pytest.param("-1h", MOMENT - 3600, id="modifier"),
]


@pytest.mark.parametrize(("written", "expected"), BOUNDS)
def test_moment_of(written, expected):
    assert moment_of(written, MOMENT, UTC) == expected


SPANS = [
    pytest.param("1h", UTC, 1767232800.0, id="hour"),
    pytest.param("10m", UTC, 1767233400.0, id="ten-minutes"),
    pytest.param("30", UTC, 1767233640.0, id="bare-seconds"),
    pytest.param("8h", UTC, 1767225600.0, id="eight-hours-from-the-epoch"),
    pytest.param("1d", UTC, 1767225600.0, id="day"),
    pytest.param("1d", BERLIN, 1767222000.0, id="local-day"),
]


@pytest.mark.parametrize(("span", "tz", "expected"), SPANS)
def test_span(span, tz, expected):
    assert span_of(span).floor(MOMENT, tz) == expected


FORMATS = [
    pytest.param("%Y-%m-%dT%H:%M:%S%z", BERLIN, "2026-01-01T03:14:10+0100", id="iso"),
    pytest.param("%F %T", UTC, "2026-01-01 02:14:10", id="short-forms"),
    pytest.param("%z", KOLKATA, "+0530", id="zone"),
    pytest.param("%Z", BERLIN, "CET", id="zone-name"),
    pytest.param("%a %b %d %I %p", UTC, "Thu Jan 01 02 AM", id="names"),
    pytest.param("100%%", UTC, "100%", id="percent"),
    pytest.param("%w %u %j", UTC, "4 4 001", id="day-numbers"),
]


@pytest.mark.parametrize(("form", "tz", "expected"), FORMATS)
def test_strftime(form, tz, expected):
    assert strftime(MOMENT + 0.5, form, tz) == expected


READ = [
    pytest.param("2026-01-01", "%Y-%m-%d", UTC, 1767225600.0, id="date"),
    pytest.param("2026-01-01", "%Y-%m-%d", BERLIN, 1767222000.0, id="date-in-a-zone"),
    pytest.param("2026-01-01T02:14:10Z", "%Y-%m-%dT%H:%M:%S%Z", BERLIN, MOMENT, id="zone-wins"),
    pytest.param("2026-01-01T03:14:10+0100", "%FT%T%z", UTC, MOMENT, id="offset"),
    pytest.param("1767233650", "%s", UTC, MOMENT, id="epoch"),
    pytest.param("never", "%Y-%m-%d", UTC, None, id="no-date-is-null"),
    pytest.param("2026-02-30", "%Y-%m-%d", UTC, None, id="no-such-day-is-null"),
]


@pytest.mark.parametrize(("written", "form", "tz", "expected"), READ)
def test_strptime(written, form, tz, expected):
    assert strptime(written, form, tz) == expected


STAMPS = [
    pytest.param("2026-01-01T02:14:10Z", MOMENT, id="iso"),
    pytest.param("2026-01-01T03:14:10+01:00", MOMENT, id="iso-offset"),
    pytest.param("2026-01-01T03:14:10+01", MOMENT, id="iso-short-offset"),
    pytest.param("2026-01-01 02:14:10 UTC", MOMENT, id="named-zone"),
    pytest.param("2026-01-01 02:14:10.123", MOMENT + 0.123, id="sysmon"),
    pytest.param("2026/01/01 02:14:10", MOMENT, id="palo-alto"),
    pytest.param("2026-01-01 02:14", 1767233640.0, id="minutes"),
    pytest.param("1767233650", MOMENT, id="seconds"),
    pytest.param("1767233650.25", MOMENT + 0.25, id="fraction"),
    pytest.param("1767233650000", MOMENT, id="milliseconds"),
    pytest.param("1767233650000000", MOMENT, id="microseconds"),
    pytest.param("1767233650000000000", MOMENT, id="nanoseconds"),
]


@pytest.mark.parametrize(("written", "expected"), STAMPS)
def test_timestamp(written, expected):
    assert timestamp(written) == pytest.approx(expected, abs=1e-6)


def test_a_bare_time_stamp_is_in_the_given_zone():
    assert timestamp("2026-01-01 03:14:10", BERLIN) == MOMENT


BAD = [
    pytest.param("yesterday", id="word"),
    pytest.param("", id="nothing"),
    pytest.param("2026-13-01 00:00:00", id="month-13"),
    pytest.param("-5", id="before-1970"),
    pytest.param("nan", id="nan"),
    pytest.param("1e300", id="beyond-nanoseconds"),
]


@pytest.mark.parametrize("written", BAD)
def test_bad_timestamp(written):
    with pytest.raises(ValueError, match=r"not|month"):
        timestamp(written)


def test_unknown_zone_is_named():
    with pytest.raises(InputError, match="Mars/Olympus"):
        zone("Mars/Olympus")
