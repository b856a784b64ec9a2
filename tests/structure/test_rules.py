"""What every rule owes: a description, its filter macro, bounds, and alerts that do not repeat."""

import re

import pytest
from croniter import croniter

from tests.structure.app_files import conf, macro_calls, rules

RULES = rules()
EACH_RULE = pytest.mark.parametrize("rule", RULES)
UNIT_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
KEY_ORDER = ("description", "search", "schedule", "window", "alert", "action")


def seconds(written):
    """The seconds of "-7d@h" or "7d"; None where it is neither."""
    found = re.fullmatch(r"-?(\d+)([smhdw])(?:@\w+)?", written)
    return int(found.group(1)) * UNIT_SECONDS[found.group(2)] if found else None


def filter_of(rule):
    """The filter macro that a rule's name calls for."""
    phrase = re.fullmatch(r"T1029 - (.+) - Rule", rule).group(1)
    return "t1029_" + re.sub(r"\W+", "_", phrase.lower()) + "_filter"


def kind_of(key):
    """The group of the house's key order that a key belongs to."""
    if key in ("description", "search"):
        return key
    if key.startswith("dispatch."):
        return "window"
    if key.startswith("alert.") or key in ("counttype", "relation", "quantity", "alert_condition"):
        return "alert"
    return "action" if key.startswith("action.") else "schedule"


def test_there_are_rules():
    assert len(RULES) >= 2


@EACH_RULE
def test_name_follows_the_pattern(rule):
    assert re.fullmatch(r"T1029 - [A-Z][\w -]+ - Rule", rule)


@EACH_RULE
def test_name_leaves_room_for_the_prefix_that_es_gives_it(rule):
    assert len(rule) <= 81


@EACH_RULE
@pytest.mark.parametrize("part", ["T1029", "Blind spots:", "False positives:"])
def test_description_holds(rule, part):
    assert part in RULES[rule]["description"]


@EACH_RULE
def test_last_command_is_its_own_filter(rule):
    last = RULES[rule]["search"].rsplit("|", 1)[1].strip()
    assert last == f"`{filter_of(rule)}`"


@EACH_RULE
def test_repeats_are_suppressed_by_sender_and_whom_it_is_about(rule):
    fields = RULES[rule]["alert.suppress.fields"]
    assert fields in ("src,dest_ip", "src,schedule_of", "src")


@EACH_RULE
def test_filter_stands_once(rule):
    assert macro_calls(RULES[rule]["search"]).count(filter_of(rule)) == 1


@EACH_RULE
def test_filter_lets_everything_pass_as_shipped(rule):
    assert conf("macros").get(filter_of(rule), {}).get("definition") == "search *"


def test_each_filter_macro_belongs_to_a_rule():
    filters = {name for name in conf("macros") if name.endswith("_filter")}
    assert filters - {filter_of(rule) for rule in RULES} == set()


@EACH_RULE
def test_is_runnable_but_not_scheduled(rule):
    shipped = (RULES[rule].get("enableSched"), RULES[rule].get("disabled", "0"))
    assert shipped == ("0", "0")


@EACH_RULE
def test_look_back_is_bounded(rule):
    assert seconds(RULES[rule].get("dispatch.earliest_time", ""))


@EACH_RULE
def test_window_ends_with_a_lag(rule):
    lag = RULES[rule].get("dispatch.latest_time", "")
    assert lag.startswith("-")
    assert seconds(lag) > 0


@EACH_RULE
def test_schedule_is_a_cron_of_five_fields(rule):
    cron = RULES[rule].get("cron_schedule", "")
    assert len(cron.split()) == 5
    assert croniter.is_valid(cron)


@EACH_RULE
def test_runs_at_most_twelve_times_an_hour(rule):
    minutes, *_ = croniter.expand(RULES[rule]["cron_schedule"])[0]
    assert minutes != "*"
    assert len(croniter.expand(RULES[rule]["cron_schedule"])[0][0]) <= 12


def test_no_two_rules_start_in_the_same_minute():
    minutes = [
        minute for keys in RULES.values() for minute in croniter.expand(keys["cron_schedule"])[0][0]
    ]
    assert len(minutes) == len(set(minutes))


@EACH_RULE
@pytest.mark.parametrize(
    ("key", "value"),
    [
        pytest.param("schedule_window", "auto", id="may-wait-for-a-free-slot"),
        pytest.param("realtime_schedule", "0", id="leaves-no-gap"),
        # With any other condition Splunk stores the rows as part of the alert, which is throttled.
        pytest.param("counttype", "always", id="stores-whatever-it-alerts"),
        pytest.param("alert.digest_mode", "0", id="one-alert-a-row"),
        pytest.param("alert.suppress", "1", id="does-not-repeat"),
        pytest.param("action.summary_index", "1", id="stores-its-findings"),
    ],
)
def test_setting(rule, key, value):
    assert RULES[rule].get(key) == value


@EACH_RULE
def test_throttle_lasts_as_long_as_the_look_back(rule):
    look_back = seconds(RULES[rule]["dispatch.earliest_time"])
    assert seconds(RULES[rule].get("alert.suppress.period", "")) >= look_back


@EACH_RULE
def test_throttle_goes_by_columns_that_the_rule_reports(rule):
    columns = re.search(r"\|\s*table\s+([^|]*)", RULES[rule]["search"]).group(1)
    fields = set(RULES[rule]["alert.suppress.fields"].split(","))
    assert fields - set(re.split(r"[\s,]+", columns)) == set()


@EACH_RULE
def test_findings_go_to_a_named_index(rule):
    assert RULES[rule].get("action.summary_index._name")


@EACH_RULE
def test_keys_stand_in_the_house_order(rule):
    ranks = [KEY_ORDER.index(kind_of(key)) for key in RULES[rule]]
    assert ranks == sorted(ranks)
