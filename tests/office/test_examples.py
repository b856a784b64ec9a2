"""The examples in the docstrings hold."""

from __future__ import annotations

import doctest

import pytest

from office import habits, report, schedules


@pytest.mark.parametrize("module", [habits, report, schedules], ids=lambda module: module.__name__)
def test_examples_hold(module):
    outcome = doctest.testmod(module)
    assert (outcome.failed, outcome.attempted > 0) == (0, True)
