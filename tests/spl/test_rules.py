"""What a rule's folder must hold to be tested, and what the published analytics fix."""

from datetime import timezone
from types import ModuleType

import pytest

from compose.sources import Detection
from replay import times
from replay.engine import APP, App
from tests.spl.case import WEEK_LATER
from tests.spl.oracle import THRESHOLDS
from tests.spl.rules import HIGH_VOLUME, PARTS, RECURRING, RULES, cases_of, lacks, loaded

# ATT&CK's text of T1029, detection: more than 100 MB in an hour, in at least 3 hours, graver beyond
# 500 MB; more than 3 connections of more than 5 MB in an hour, in at least 3 hours, graver from 5.
PUBLISHED = {
    "volume_hour_bytes": 100_000_000,
    "volume_hours": 3,
    "volume_peak_bytes": 500_000_000,
    "recurring_event_bytes": 5_000_000,
    "recurring_connections": 3,
    "recurring_hours": 3,
    "recurring_many_hours": 5,
}


def test_thresholds_of_the_published_analytics_are_those_published():
    defaults = {**HIGH_VOLUME.detection.defaults, **RECURRING.detection.defaults}
    assert {name: defaults[name] for name in PUBLISHED} == PUBLISHED
    assert {name: THRESHOLDS[name] for name in PUBLISHED} == PUBLISHED


@pytest.mark.parametrize("rule", [pytest.param(rule, id=slug) for slug, rule in RULES.items()])
def test_oracle_looks_back_as_far_as_the_search(rule):
    stanza = App.at(APP, {}, {}).searches[rule.search]
    shipped = [
        times.moment_of(stanza[f"dispatch.{side}_time"], WEEK_LATER, timezone.utc)
        for side in ("earliest", "latest")
    ]
    assert shipped == list(rule.window(WEEK_LATER))


def test_an_empty_folder_lacks_every_part(tmp_path):
    said = " ".join(lacks(tmp_path, cases_of(tmp_path)))
    assert [part for part in ("oracle.sql", *PARTS, "a case in which") if part not in said] == []


@pytest.mark.parametrize("part", PARTS)
def test_a_part_that_is_missing_is_named(part):
    whole = cases_of(HIGH_VOLUME.detection.folder)
    less = ModuleType("less")
    vars(less).update({name: getattr(whole, name) for name in PARTS if name != part})
    assert lacks(HIGH_VOLUME.detection.folder, less)[0].startswith(f"cases.py: {part},")


def test_cases_that_find_nothing_are_too_few():
    whole = cases_of(HIGH_VOLUME.detection.folder)
    less = ModuleType("less")
    vars(less).update({name: getattr(whole, name) for name in PARTS})
    less.CASES = [case for case in whole.CASES if not case.rows]
    assert lacks(HIGH_VOLUME.detection.folder, less) == [
        "cases.py: a case in which it finds something"
    ]


def test_a_rule_without_tests_is_an_error_that_names_it(tmp_path):
    nothing = Detection("quiet_rule", tmp_path, {"title": "Quiet Rule"}, "", "")
    with pytest.raises(LookupError, match="quiet_rule lacks"):
        loaded(nothing)
