"""The verdict as callers see it."""

import math

import pytest

from scheduled_transfer import score

START = 1_767_225_600  # a Thursday, 00:00 UTC
MINUTE, HOUR, DAY = 60, 3_600, 86_400


def tokens(epochs, counts=""):
    return " ".join(f"{epoch}{counts}" for epoch in epochs)


def every(period, times, start=START + 37):
    return tokens(range(start, start + period * times, period))


NIGHTS = "1767233650:150000000 1767320050:150000000 1767406450:150000000"


@pytest.mark.parametrize(
    ("observations", "schedule"),
    [
        pytest.param(every(600, 40), "every 10 min ±0 %", id="every-ten-minutes"),
        pytest.param(every(8 * HOUR, 42), "every 8 h ±0 %", id="three-times-a-day"),
        pytest.param(NIGHTS, "daily 02:14 ±0 min", id="three-nights"),
        pytest.param(
            tokens(START + 8_050 + day * DAY for day in range(28) if day % 7 not in (2, 3)),
            "weekdays 02:14 ±0 min",
            id="weekdays-only",
        ),
        pytest.param("1767233650 1767239999", "no schedule found", id="two-contacts"),
        pytest.param("", "no schedule found", id="no-contact"),
    ],
)
def test_schedule_is_named(observations, schedule):
    assert score(observations).schedule == schedule


def test_few_nights_leave_room_for_chance():
    assert score(NIGHTS).log10_p > -4


@pytest.mark.parametrize(
    ("floor", "least"),
    [
        pytest.param(8, 8.0, id="number"),
        pytest.param("8", 8.0, id="text"),
        pytest.param(99, 10.0, id="beyond-the-scale"),
    ],
)
def test_floor_holds(floor, least):
    assert score("1767233650", floor).risk_score == least


@pytest.mark.parametrize(
    ("token", "context", "floor"),
    [
        pytest.param("1767233650", {}, None, id="nothing-else"),
        pytest.param("1767233650:9999999:1", {"senders": "1"}, None, id="small"),
        pytest.param("1767233650:10000000", {}, None, id="large"),
        pytest.param("1767233650", {"listed": "yes"}, None, id="listed"),
        pytest.param("1767233650", {"senders": "few"}, None, id="unreadable-field"),
        pytest.param("1767233650", {}, "7", id="floor"),
        pytest.param("17672336501", {}, None, id="too-late"),
        pytest.param("1767233650:", {}, None, id="no-count"),
    ],
)
def test_a_glance_says_what_reading_says(token, context, floor):
    # The same contacts as a list are read one by one.
    tokens_of_a_minute = [token, "1767233660", "1767233670"]
    glanced = score(" ".join(tokens_of_a_minute), floor, context)
    assert glanced == score(tokens_of_a_minute, floor, context)


@pytest.mark.parametrize(
    ("observation", "context"),
    [
        pytest.param("1767233650:10000000", {}, id="large"),
        pytest.param("1767233650", {"listed": "yes"}, id="listed"),
    ],
)
def test_what_may_matter_without_a_schedule_is_weighed(observation, context):
    assert score(observation, None, context).risk_score > 0


def test_what_is_sent_is_a_daily_amount():
    ten = tokens((START + 8_050 + day * DAY for day in range(10)), ":150000000")
    assert "150 MB out a day" in score(ten).reasons


def test_regularity_has_two_places():
    regularity = score(tokens(START + 600 * n + n * n % 97 for n in range(60))).regularity
    assert 0 < regularity == round(regularity, 2) < 1


def test_a_floor_above_the_evidence_is_named():
    assert score(NIGHTS, 9).reasons[-1] == "minimum score of this rule: 9"


def test_a_floor_below_the_evidence_is_not_named():
    assert score(NIGHTS, 1) == score(NIGHTS)


def test_a_floor_leaves_the_most_telling_reason_first():
    listed = {"listed": "yes", "utc_offset": "CET"}
    assert score(NIGHTS + " x", 10, listed).reasons[0] == score(NIGHTS, None, listed).reasons[0]


@pytest.mark.parametrize(
    "named",
    [
        pytest.param("'x'", id="observation"),
        pytest.param("CET", id="offset"),
        pytest.param("minimum score of this rule: 10", id="floor"),
    ],
)
def test_a_floor_leaves_room_for_the_faults(named):
    verdict = score(NIGHTS + " x", 10, {"listed": "yes", "utc_offset": "CET"})
    assert named in " ".join(verdict.reasons)


def test_floor_never_lowers_the_evidence():
    listed = {"listed": "yes", "odd_port": "4444"}
    assert score(every(600, 40), 1, listed) == score(every(600, 40), None, listed)


@pytest.mark.parametrize(
    ("observations", "floor", "context", "named"),
    [
        pytest.param("1767233650 yesterday", None, {}, "yesterday", id="observation"),
        pytest.param("1767233650:inf", None, {}, "1767233650:inf", id="infinite"),
        pytest.param("1767233650", "high", {}, "high", id="floor"),
        pytest.param("1767233650", None, {"senders": "few"}, "few", id="senders"),
        pytest.param("1767233650 1767239999", None, {"utc_offset": "CET"}, "CET", id="dismissed"),
        pytest.param("1767233650", None, {"utc_offset": "CET"}, "CET", id="offset"),
    ],
)
def test_unreadable_is_named(observations, floor, context, named):
    assert named in " ".join(score(observations, floor, context).reasons)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("nan inf -inf 1e400", id="not-numbers"),
        pytest.param("-5:1 5:-1 5:1:-1", id="negative"),
        pytest.param("::: : 5:: 6:::", id="colons"),
        pytest.param("\x00 \ud800 é 5", id="odd-text"),
        pytest.param(" 5  7 ", id="spaces"),
        pytest.param("1e3:2 true null [1]", id="json-words"),
        pytest.param("9" * 400 + " 1.5 2.5", id="no-float-holds-the-epoch"),
        pytest.param(every(700, 4).replace(" ", f":{'9' * 309} "), id="no-float-holds-the-bytes"),
        pytest.param(
            " ".join(map(":".join, zip(every(700, 9).split(), ["5", "5", "9" * 400] * 3))),
            id="bytes-beyond-comparison",
        ),
        pytest.param(
            " ".join(f"{START + 0.0004 * beat:.4f}" for beat in range(310_000)),
            id="thousands-a-second",
        ),
    ],
)
def test_any_text_gets_a_finite_verdict(text):
    verdict = score(text)
    numbers = [value for value in verdict[:-1] if isinstance(value, float)]
    assert all(map(math.isfinite, numbers))


def test_contacts_are_counted_over_the_time_in_which_they_came():
    assert "60 contacts in 2 h" in score(every(120, 60)).reasons


def test_at_most_five_reasons():
    context = {
        "senders": "1", "population": "240", "first_seen": str(START), "listed": "yes",
        "dest_port": "4444", "utc_offset": "CET",
    }  # fmt: skip
    assert len(score(every(600, 40) + " x", "bad", context).reasons) <= 5
