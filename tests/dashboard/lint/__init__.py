"""What is wrong with a view that Splunk's validator does not see.

Needs neither npm nor a browser. A problem names its place in the definition and the bad thing.
"""

from collections.abc import Iterable

from tests.dashboard.lint import (
    clicks,
    formatting,
    layout,
    parts,
    reading,
    searches,
    thresholds,
    tokens,
)
from tests.dashboard.lint.problems import Problem
from tests.dashboard.views import View

CHECKS = (
    *parts.CHECKS,
    *searches.CHECKS,
    *tokens.CHECKS,
    *formatting.CHECKS,
    *clicks.CHECKS,
    *layout.CHECKS,
    *thresholds.CHECKS,
    *reading.CHECKS,
)


def lint(view: View) -> list[Problem]:
    """Return what is wrong with a view, each problem once."""
    return list(dict.fromkeys(problem for check in CHECKS for problem in check(view)))


def lint_together(views: Iterable[View]) -> list[Problem]:
    """Return what is wrong between views."""
    return searches.written_twice(views)
