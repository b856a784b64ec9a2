"""Short cuts change no verdict."""

import pytest

from bench import fuzzed
from scheduled_transfer import fast, score


@pytest.mark.parametrize("first", range(0, 600, 100))
def test_rows_are_judged_the_same_without_short_cuts(first, monkeypatch):
    rows = [fuzzed.row(seed) for seed in range(first, first + 100)]
    quick = [score(text, None, fields) for text, fields in rows]
    monkeypatch.setattr(fast, "columns", lambda text: None)
    assert [score(text, None, fields) for text, fields in rows] == quick


def test_the_short_cut_is_taken():
    assert fast.columns("1767233650:150:20 1767320050:170") is not None
