"""The moment of most logs of the tests, and the one event of a log."""

from zoneinfo import ZoneInfo

MOMENT = 1767233650.0  # 2026-01-01 02:14:10 UTC
UTC = ZoneInfo("UTC")


def one(found):
    """Return the only event of a log of which nothing is wrong."""
    events, report = found
    assert (report.notes, report.shown) == ([], [])
    (event,) = events
    return event
