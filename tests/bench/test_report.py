import pytest

from bench.pairs import Connection, Pair
from bench.realsets import ALERT, ScoredRecording, benign_table, infected_table
from bench.recordings import Traffic
from bench.scorers import OURS_RISK, Scored, judged


def scored(risk, src="10.0.0.1"):
    pair = Pair(src, "203.0.113.9", (), 0.0, 1.0, {})
    return Scored(pair, "every hour", (), {OURS_RISK: risk})


def scored_recording(true, others, days=2):
    return ScoredRecording("made up", true, others, Traffic([], 1, days))


def test_other_true_pairs_do_not_count_in_a_rank():
    true = [scored(6.0), scored(9.0)]
    assert scored_recording(true, [scored(7.0), scored(5.0)]).rank(true[0], OURS_RISK) == 2


def test_a_tie_counts_against_the_true_pair():
    true = scored(7.0)
    assert scored_recording([true], [scored(7.0)]).rank(true, OURS_RISK) == 2


def test_benign_rows_are_counted_from_the_threshold_on():
    others = [scored(ALERT), scored(ALERT - 0.1), scored(ALERT + 1)]
    assert benign_table([scored_recording([], others)]).rows[0][3:5] == ["2", "1.00"]


def test_busiest_host_is_counted_by_itself():
    others = [scored(9.0), scored(9.0), scored(9.0, "10.0.0.2")]
    assert benign_table([scored_recording([], others)]).rows[0][5] == "2"


def test_infected_share():
    assert infected_table(scored_recording([scored(7.0), scored(6.9)], [])).rows[0][3] == "0.50"


@pytest.mark.parametrize("name", ["This scorer, risk_score", "RITA v5", "Sentinel"])
def test_every_method_scores_a_pair(name):
    beats = tuple(Connection(600.0 * beat, 500, 90) for beat in range(10))
    pair = Pair("10.0.0.1", "203.0.113.9", beats, 0.0, 6000.0, {})
    assert name in judged(pair).by
