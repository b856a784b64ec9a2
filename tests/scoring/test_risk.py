"""Signs that raise the risk of a schedule, and signs that lower it."""

import pytest

from bench import services
from scheduled_transfer import score
from scheduled_transfer.detectors import Evidence
from scheduled_transfer.parsing import parse
from scheduled_transfer.risk import PROTOCOLS, frequency

from .schedules import DAY, MONDAY, every, nights, tokens

POLL = tokens(every(900, 200), ":600:900")
KNOWN = {
    "senders": "4",
    "population": "200",
    "dest_port": "443",
    "expected": "ssl,quic",
    "app": "ssl",
}
CLOCK = {"dest_port": "123", "expected": "ntp", "app": "ntp"}
NO_SERVICE = {"dest_port": "6667", "expected": "", "odd_port": "6667"}
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
        pytest.param({"first_seen": str(LAST - DAY)}, {}, id="new-rather-than-unknown"),
        pytest.param({"first_seen": str(LAST - 20 * DAY)}, {}, id="new-for-weeks"),
        pytest.param({}, {"first_seen": str(LAST - 400 * DAY)}, id="unknown-rather-than-old"),
        pytest.param(
            {"senders": "4", "population": "4"},
            {"senders": "200", "population": "200"},
            id="all-of-few-says-little",
        ),
        pytest.param(NO_SERVICE, {}, id="odd-port"),
        pytest.param(
            NO_SERVICE, {"dest_port": "6667", "expected": "ssl"}, id="port-that-a-list-names"
        ),
        pytest.param({"app": "irc"}, {"app": "unknown"}, id="protocol-on-another's-port"),
        pytest.param(
            {"app": "google-base\nssh"}, {"app": "google-base"}, id="protocol-beside-an-application"
        ),
        pytest.param({}, CLOCK, id="time-service"),
        pytest.param({**CLOCK, "expected": "ntp,ssl"}, CLOCK, id="time-service-beside-others"),
    ],
)
def test_context_weighs(higher, lower):
    assert risk(**higher) > risk(**lower)


@pytest.mark.parametrize(
    ("higher", "lower"),
    [
        pytest.param(":90000:900", ":900:90000", id="sends-more-than-it-fetches"),
        pytest.param(":5000000:90000", ":50000:900", id="volume"),
        pytest.param(":4000:8000", ":40:8000", id="answers-are-no-fetching"),
        pytest.param(":600:900", ":0:0", id="attempts-that-fail"),
        pytest.param(":600:0", ":0:0", id="nothing-that-comes-back"),
    ],
)
def test_bytes_weigh(higher, lower):
    assert risk(tokens(every(900, 200), higher)) > risk(tokens(every(900, 200), lower))


def test_large_packets_are_not_of_the_time_service():
    large = tokens(every(900, 200), ":6000:900")
    assert risk(large, **CLOCK) == risk(large)


def test_a_schedule_that_lasts_weighs():
    assert risk(tokens(every(900, 700), ":600:900")) > risk(tokens(every(900, 96), ":600:900"))


def test_a_destination_of_this_moment_is_new():
    last = every(900, 200)[-1]
    assert risk(first_seen=str(last)) == risk(first_seen=str(last - DAY))


def test_names_of_protocols_have_no_case():
    assert risk(app="SSH") == risk(app="ssh") > risk()


def test_an_unsure_schedule_has_less_of_a_rate():
    series = parse(tokens(every(60, DAY // 60)))
    found = Evidence("interval", 1.0, -9.0, 60.0, 0.0, 1_440, 1_439, 1_439)
    half, whole = (frequency(series, found, sure).weight for sure in (0.5, 1.0))
    assert half == whole / 2 > 0


def test_more_senders_than_hosts_are_all_hosts():
    assert (
        "5 of 5 hosts talk to it" in score(POLL, None, {"senders": "5", "population": "3"}).reasons
    )


def test_a_channel_kept_open_weighs():
    often, seldom = (tokens(every(period, DAY // period), ":600:900") for period in (60, 3_600))
    assert risk(often) > risk(seldom)


def test_a_rate_is_not_extrapolated_beyond_what_was_seen():
    """Every ten seconds for a quarter of an hour is no more than what a poller does in a day."""
    briefly, for_a_day = every(10, 90), every(10, 8_640)
    assert not any("times a day" in reason for reason in score(tokens(briefly)).reasons)
    assert any("contacts in" in reason for reason in score(tokens(for_a_day)).reasons)


@pytest.mark.parametrize(
    "ports",
    [
        pytest.param({"dest_port": "6667"}, id="odd-port"),
        pytest.param({"dest_port": "123", "app": "ntp"}, id="time-service"),
        pytest.param({"dest_port": "443", "app": "irc"}, id="protocol-on-another's-port"),
    ],
)
def test_a_port_says_nothing_without_the_list_of_services(ports):
    assert score(POLL, None, ports).risk_score == score(POLL).risk_score


@pytest.mark.parametrize("app", ["google-base", "ms-office365,youtube-base", "ssl,google-base"])
def test_an_application_is_no_protocol(app):
    assert risk(app=app) == risk()


def test_every_service_of_the_shipped_list_is_a_protocol():
    shipped = {name for port in services.by_port().values() for name in port}
    assert shipped - PROTOCOLS == {"unknown"}


FETCHES = [f"{epoch}:600:90000" for epoch in every(900, 200)]
UNSEEN = [f"{epoch}::90000" for epoch in every(900, 200)]


@pytest.mark.parametrize(
    ("observations", "context"),
    [
        pytest.param(UNSEEN, {}, id="no-request-was-seen"),
        pytest.param(FETCHES[:100] + UNSEEN[100:], {}, id="half-of-the-requests"),
        pytest.param(FETCHES, {"one_sided": "100"}, id="as-the-row-says"),
    ],
)
def test_what_was_seen_from_one_side_is_not_compared(observations, context):
    told = score(" ".join(observations), None, context)
    assert told.risk_score == score(tokens(every(900, 200))).risk_score
    assert told.risk_score > score(" ".join(FETCHES)).risk_score


def test_a_few_requests_that_were_not_seen_change_nothing():
    few = FETCHES[:190] + UNSEEN[190:]
    assert score(" ".join(few)).risk_score == score(" ".join(FETCHES)).risk_score


def test_bytes_in_may_come_with_the_row():
    with_tokens = risk(tokens(every(900, 200), ":9000:900"))
    assert risk(tokens(every(900, 200), ":9000"), bytes_in=str(200 * 900)) == with_tokens
    assert risk(tokens(every(900, 200), ":9000")) < with_tokens


@pytest.mark.parametrize(
    ("observations", "context"),
    [
        pytest.param(tokens(every(1_024, 500), ":48:48"), CLOCK, id="clock"),
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
