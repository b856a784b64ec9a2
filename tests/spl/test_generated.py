"""The shipped searches against the oracles, on events drawn at random around the thresholds."""

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.spl.rules import RULES
from tests.spl.searches import by_sql, opened_over, shaped


@pytest.mark.parametrize("rule", [pytest.param(rule, id=slug) for slug, rule in RULES.items()])
def test_search_agrees_with_the_oracle(tmp_path, rule):
    found = []

    @settings(
        max_examples=rule.drawn.examples,
        derandomize=True,
        database=None,
        deadline=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(events=rule.drawn.events, site=rule.drawn.sites)
    def agree(events, site):
        expected = by_sql(rule, events, site)
        found.append(bool(expected))
        assert shaped(rule, opened_over(rule, events, site, tmp_path)) == expected

    agree()
    assert sum(found) >= rule.drawn.examples // 3, "most examples are empty"
