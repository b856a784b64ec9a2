"""Every search of every view is executed: with the office's events, and without any."""

import pytest

from tests.dashboard.cases import OPENING, cases

EACH_SEARCH = pytest.mark.parametrize(
    "asked",
    [
        pytest.param(asked, id="-".join((*case.names, source)))
        for case in cases()
        for source, asked in case.asked().items()
    ],
)
OPENED = [case for case in cases() if case.name == OPENING]


@EACH_SEARCH
def test_search_runs(answers, asked):
    assert answers.refused.get(asked.key, "") == ""
    assert asked.key in answers.results


@EACH_SEARCH
def test_search_runs_without_an_event(nothing, asked):
    assert asked.key in nothing.results


@pytest.mark.parametrize("case", OPENED, ids=lambda case: case.view.name)
def test_no_search_waits_for_a_token_when_a_view_opens(case):
    assert set(case.view.sources) - set(case.asked()) == set()
