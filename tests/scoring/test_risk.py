"""Signs that raise the risk of a schedule, and signs that lower it."""

import pytest

from scheduled_transfer import score

from .schedules import DAY, MONDAY, every, nights, tokens

POLL = tokens(every(900, 200), ":600:900")
KNOWN = {"senders": "4", "population": "200", "dest_port": "443", "app": "ssl"}
LAST = MONDAY + 3 * DAY


def risk(observations=POLL, **context):
    return score(observations, None, {**KNOWN, **context}).risk_score


@pytest.mark.parametrize(
    ("higher", "lower"),
    [
        pytest.param({"listed": "feed"}, {}, id="listed"),
        pytest.param({"senders": "1"}, {"senders": "150"}, id="rare-destination"),
        pytest.param(
            {"first_seen": str(LAST - DAY)}, {"first_seen": str(LAST - 400 * DAY)}, id="new"
        ),
        pytest.param({"dest_port": "6667"}, {}, id="odd-port"),
        pytest.param({"app": "irc"}, {"app": "unknown"}, id="protocol-on-another's-port"),
        pytest.param({}, {"dest_port": "123", "app": "ntp"}, id="time-service"),
    ],
)
def test_context_weighs(higher, lower):
    assert risk(**higher) > risk(**lower)


@pytest.mark.parametrize(
    ("higher", "lower"),
    [
        pytest.param(":90000:900", ":900:90000", id="sends-more-than-it-fetches"),
        pytest.param(":5000000:90000", ":50000:900", id="volume"),
        pytest.param(":600:900", ":0:0", id="attempts-that-fail"),
    ],
)
def test_bytes_weigh(higher, lower):
    assert risk(tokens(every(900, 200), higher)) > risk(tokens(every(900, 200), lower))


def test_a_channel_kept_open_weighs():
    assert risk(tokens(every(60, 200), ":600:900")) > risk(tokens(every(3_600, 200), ":600:900"))


def test_bytes_in_may_come_with_the_row():
    with_tokens = risk(tokens(every(900, 200), ":600:900"))
    assert risk(tokens(every(900, 200), ":600"), bytes_in=str(200 * 900)) == with_tokens


@pytest.mark.parametrize(
    ("observations", "context"),
    [
        pytest.param(tokens(every(1_024, 500), ":48:48"), {"dest_port": "123"}, id="clock"),
        pytest.param(tokens(every(3_600, 100), ":2000:90000"), {}, id="update-check"),
        pytest.param(tokens(every(600, 300), ":800:9000"), {"dest_port": "993"}, id="mail-poll"),
        pytest.param(
            tokens(every(3_600, 100), ":40000:22000"), {"senders": "6"}, id="upload-of-a-sensor"
        ),
    ],
)
def test_regular_and_lawful_stays_below_an_alert(observations, context):
    assert risk(observations, **context) < 7


@pytest.mark.parametrize(
    "observations",
    [
        pytest.param(tokens(nights(14, spread=120), ":300000000:2000000"), id="nightly-theft"),
        pytest.param(tokens(every(600, 200), ":400000:900"), id="every-ten-minutes"),
        pytest.param(tokens(every(28_800, 42), ":900000:3000"), id="three-times-a-day"),
    ],
)
def test_scheduled_theft_is_an_alert(observations):
    assert risk(observations, senders="1", first_seen=str(MONDAY)) >= 7


def test_most_telling_reason_comes_first():
    assert score(POLL, None, {"listed": "feed"}).reasons[0].startswith("destination is on a list")


def test_reasons_count():
    reasons = " ".join(
        score(tokens(nights(14), ":15000000:570000"), None, {**KNOWN, "senders": "1"}).reasons
    )
    assert "on 14 of 14 days" in reasons
    assert "210 MB out, 7.98 MB in" in reasons
    assert "1 of 200 hosts talks to it" in reasons
