"""What must hold for any input."""

import math
from operator import sub

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from scheduled_transfer import score

from .schedules import DAY, MONDAY, WEEK, every, tokens

EPOCHS = st.integers(MONDAY, MONDAY + 20 * DAY)
COUNTS = st.integers(0, 10**10)
OBSERVATIONS = st.lists(
    st.tuples(EPOCHS, COUNTS, COUNTS), min_size=1, max_size=40, unique_by=lambda one: one[0]
)
REGULAR = st.builds(
    lambda period, times, jitter, seed: every(period, times, jitter=jitter, seed=seed),
    st.integers(120, 40_000),
    st.integers(6, 60),
    st.sampled_from([0.0, 0.01, 0.05]),
    st.integers(0, 99),
)
EXACT = st.builds(every, st.integers(120, 40_000), st.integers(6, 60))
NUMBERS = st.sampled_from(["", "0", "1", "240", "-1", "nan", "inf", "1e400", "many", "9" * 5_000])
CONTEXT = st.fixed_dictionaries(
    {},
    optional={
        name: NUMBERS | st.text(max_size=9)
        for name in (
            "utc_offset", "window_start", "window_end", "senders", "population", "first_seen",
            "listed", "dest_port", "app", "bytes_in", "bin_seconds",
            "unheard_of",
        )
    },
)  # fmt: skip
TEXT = st.text(alphabet="0123456789:. -e\tnaif", max_size=80) | st.text(max_size=40)


def joined(observations):
    return " ".join(":".join(map(str, observation)) for observation in observations)


def assert_in_range(verdict):
    assert 0 <= verdict.regularity <= 1
    assert 0 <= verdict.risk_score <= 10
    assert verdict.jitter is None or 0 <= verdict.jitter <= 1
    assert verdict.period is None or 0 < verdict.period < math.inf
    assert verdict.log10_p is None or -math.inf < verdict.log10_p <= 0
    assert 0 <= verdict.beats <= verdict.expected_beats
    assert 1 <= len(verdict.reasons) <= 5


@given(OBSERVATIONS | REGULAR.map(lambda epochs: [(int(epoch), 1, 2) for epoch in epochs]))
@settings(deadline=None)
def test_order_does_not_matter(observations):
    assert score(joined(observations)) == score(joined(observations[::-1]))


@given(REGULAR, st.integers(-20, 20))
@settings(deadline=None)
def test_whole_weeks_do_not_matter(epochs, weeks):
    moved = [int(epoch) + weeks * WEEK for epoch in epochs]
    assert score(tokens(epochs)) == score(tokens(moved))


@given(EXACT, st.data())
@settings(deadline=None)
def test_a_missed_beat_filled_in_never_lowers_regularity(epochs, drawn):
    missing = drawn.draw(st.sets(st.integers(1, len(epochs) - 2), min_size=1, max_size=3))
    filled = drawn.draw(st.sampled_from(sorted(missing)))
    gappy = [epoch for beat, epoch in enumerate(epochs) if beat not in missing]
    # Where every second beat is missed, or nearly so, what is left keeps to twice the period.
    gaps = list(map(sub, gappy[1:], gappy))
    assume(2 * gaps.count(epochs[1] - epochs[0]) > len(gaps))
    fuller = [epoch for beat, epoch in enumerate(epochs) if beat not in missing - {filled}]
    assert score(tokens(fuller)).regularity >= score(tokens(gappy)).regularity


@given(OBSERVATIONS, st.data(), CONTEXT)
@settings(deadline=None)
def test_more_bytes_out_never_lower_the_risk(observations, drawn, context):
    at = drawn.draw(st.integers(0, len(observations) - 1))
    more = drawn.draw(st.integers(1, 10**12))
    epoch, out, back = observations[at]
    larger = [*observations[:at], (epoch, out + more, back), *observations[at + 1 :]]
    before, after = (score(joined(one), None, context) for one in (observations, larger))
    assert after.risk_score >= before.risk_score


@given(REGULAR, COUNTS, COUNTS, st.integers(1, 10**12), CONTEXT)
@settings(deadline=None)
def test_more_bytes_out_never_lower_the_risk_of_a_schedule(epochs, out, back, more, context):
    before = score(tokens(epochs, f":{out}:{back}"), None, context)
    after = score(tokens(epochs, f":{out + more}:{back}"), None, context)
    assert after.risk_score >= before.risk_score


@given(TEXT | st.lists(TEXT) | st.none(), st.none() | NUMBERS | TEXT, st.none() | CONTEXT)
@settings(deadline=None, max_examples=300)
def test_any_input_stays_in_range(observations, floor, context):
    assert_in_range(score(observations, floor, context))


@given(OBSERVATIONS | REGULAR.map(lambda epochs: [(int(e),) for e in epochs]), CONTEXT)
@settings(deadline=None)
def test_any_observations_stay_in_range(observations, context):
    assert_in_range(score(joined(observations), None, context))


@given(OBSERVATIONS, st.floats(0, 10), CONTEXT)
@settings(deadline=None)
def test_risk_is_the_larger_of_floor_and_evidence(observations, floor, context):
    evidence = score(joined(observations), None, context).risk_score
    found = score(joined(observations), floor, context).risk_score
    assert found == max(round(floor, 1), evidence)


def test_a_million_observations():
    assert_in_range(score(tokens(range(MONDAY, MONDAY + 2_000_000, 2), ":7:7")))
