"""What every rule owes beyond what compose makes of it: a bounded run, and no repeated alert."""

import re

import pytest
from croniter import croniter

from tests.structure.app_files import conf, macro_calls, rules

RULES = rules()
EACH_RULE = pytest.mark.parametrize("rule", RULES)
UNIT_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}


def seconds(written):
    """The seconds of "-7d@h" or "7d"; None where it is neither."""
    found = re.fullmatch(r"-?(\d+)([smhdw])(?:@\w+)?", written)
    return int(found.group(1)) * UNIT_SECONDS[found.group(2)] if found else None


def minutes(rule):
    """The minutes of the hour in which a rule starts."""
    return croniter.expand(RULES[rule]["cron_schedule"])[0][0]


def test_there_are_rules():
    assert len(RULES) >= 2


def test_rules_are_run_by_whole_hours_and_no_two_in_the_same_minute():
    started = [minute for rule in RULES for minute in minutes(rule)]
    assert "*" not in started
    assert len(started) == len(set(started))


@EACH_RULE
def test_the_only_filter_is_its_own_and_comes_last(rule):
    called = [name for name in macro_calls(RULES[rule]["search"]) if name.endswith("_filter")]
    phrase = re.sub(r"\W+", "_", rule[len("T1029 - ") : -len(" - Rule")].lower())
    assert called == [f"t1029_{phrase}_filter"]
    assert RULES[rule]["search"].endswith(f"| `{called[0]}`")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        # A disabled search could not be run by a person or a dashboard either.
        pytest.param("enableSched", "0", id="shipped-unscheduled"),
        pytest.param("disabled", None, id="shipped-runnable"),
        pytest.param("dispatch.latest_time", "-15m@m", id="waits-for-late-events"),
        pytest.param("schedule_window", "auto", id="may-wait-for-a-free-slot"),
        pytest.param("realtime_schedule", "0", id="leaves-no-gap"),
        # With any other condition Splunk stores the rows as part of the alert, which is throttled.
        pytest.param("counttype", "always", id="stores-every-row"),
        pytest.param("alert.digest_mode", "0", id="one-alert-a-row"),
        pytest.param("alert.suppress", "1", id="does-not-repeat"),
        pytest.param("action.summary_index", "1", id="stores-its-findings"),
        pytest.param("action.summary_index._name", "summary", id="stores-them-where-they-are-read"),
    ],
)
def test_setting_of_every_rule(key, value):
    assert {keys.get(key) for keys in RULES.values()} == {value}


def test_searches_are_shipped_unscheduled():
    assert {keys.get("enableSched") for keys in conf("savedsearches").values()} == {"0"}


@EACH_RULE
def test_throttle_lasts_as_long_as_the_look_back(rule):
    look_back = seconds(RULES[rule]["dispatch.earliest_time"])
    assert seconds(RULES[rule]["alert.suppress.period"]) >= look_back > 0


@EACH_RULE
def test_throttle_goes_by_columns_that_the_rule_reports(rule):
    columns = re.search(r"\|\s*table\s+([^|]*)", RULES[rule]["search"]).group(1)
    fields = set(RULES[rule]["alert.suppress.fields"].split(","))
    assert fields - set(re.split(r"[\s,]+", columns)) == set()
