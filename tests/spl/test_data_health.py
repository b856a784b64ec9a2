"""What Data health reports of a site: each source, each rule, each search."""

import pytest

from replay import Inputs, run
from tests.spl.census import CENSUS
from tests.spl.events import DAY, HOUR, NEW_YEAR, palo_alto, sysmon, zeek
from tests.spl.findings import finding
from tests.spl.named_events import sysmon_dns, tls
from tests.structure.app_files import rules

NOW = NEW_YEAR + 2 * HOUR
PATH = "C:\\Users\\kim\\a.txt"
INTERVAL = "T1029 - Fixed Interval Connections - Rule"


def indexed(events, lag=5.0):
    """Events of the index main, indexed so many seconds after they happened."""
    return [{"index": "main", "_indextime": event["_time"] + lag, **event} for event in events]


def minutes(make, count=30, **fields):
    """One connection a minute up to now."""
    return [make(NOW - 60 * n - 1, 1000, **fields) for n in range(count)]


def calls(count=30, **fields):
    return [sysmon(NOW - 60 * n - 1, **fields) for n in range(count)]


def asked(spl, events, latest="now"):
    shared = {"index": "main", "source": "a.log"}
    inputs = Inputs(events=tuple({**shared, **event} for event in events))
    return run(spl=[(f"| {spl}", "-1d", latest)], inputs=inputs, now=NOW).results[0].rows


def health(events):
    """The rows of the sources, by kind of log."""
    return {row["kind"]: row for row in asked("`t1029_health`", events)}


def verdicts(events, latest="now"):
    """What is wrong, by kind of log."""
    rows = asked("`t1029_health` | `t1029_health_verdict`", events, latest)
    return {row["kind"]: row for row in rows}


def needs(events):
    """The rules' rows, by rule."""
    return {row["rule"]: row for row in asked("`t1029_health` | `t1029_health_needs`", events)}


# ---- sources

FILE = {
    "_time": NOW - 9,
    "EventCode": 11,
    "source": "XmlWinEventLog:Microsoft-Windows-Sysmon/Operational",
    "sourcetype": "XmlWinEventLog",
}
CRONTAB = {"_time": NOW - 9, "source": "/etc/crontab", "sourcetype": "config_file"}
CRONTAB["_raw"] = "14 2 * * * root /opt/sync"
KINDS = [
    pytest.param(zeek(NOW - 9, 1), "Zeek connections", id="zeek"),
    pytest.param(palo_alto(NOW - 9, 1), "Firewall", id="firewall"),
    pytest.param(sysmon(NOW - 9), "Sysmon connections", id="sysmon"),
    pytest.param(tls(NOW - 9), "Network names", id="tls"),
    pytest.param(sysmon_dns(NOW - 9), "Sysmon DNS", id="sysmon-dns"),
    pytest.param({"_time": NOW - 9, "sourcetype": "zscalernss-web"}, "Proxy", id="proxy"),
    pytest.param({"_time": NOW - 9, "sourcetype": "zeek:dhcp"}, "DHCP", id="dhcp"),
    pytest.param({**FILE, "TargetFilename": PATH}, "File events", id="file"),
    pytest.param({**FILE, "EventCode": 1}, "Schedulers and processes", id="process"),
    pytest.param(CRONTAB, "Declared jobs", id="crontab"),
    pytest.param(finding("Any", 9, NOW + DAY - 60), "Stored findings", id="finding"),
]


@pytest.mark.parametrize(("event", "kind"), KINDS)
def test_an_event_is_counted_by_its_kind(event, kind):
    assert list(health([event])) == [kind]


def named(epoch, _sent):
    return tls(epoch)


def proxied(epoch, sent, **fields):
    """What a proxy logs of a request."""
    return {
        "_time": epoch,
        "sourcetype": "zscalernss-web",
        "ClientIP": "10.1.2.3",
        "hostname": "files.store.example",
        "requestsize": sent,
        "responsesize": 90_000,
        **fields,
    }


FIELDS = [
    pytest.param(minutes(zeek), "Zeek connections", "bytes_out", id="bytes-of-zeek"),
    pytest.param(minutes(zeek, service="ssl"), "Zeek connections", "app", id="service"),
    pytest.param(
        minutes(zeek, orig_l2_addr="00:00:5e:00:53:01"), "Zeek connections", "mac", id="mac"
    ),
    pytest.param(calls(), "Sysmon connections", "process", id="program"),
    pytest.param([{**FILE, "TargetFilename": PATH}], "File events", "file", id="file"),
    pytest.param([CRONTAB], "Declared jobs", "job", id="declared-job"),
    pytest.param(minutes(named), "Network names", "name", id="name-by-tls"),
    pytest.param(minutes(proxied), "Proxy", "name", id="name-by-a-proxy"),
]


@pytest.mark.parametrize(("events", "kind", "field"), FIELDS)
def test_events_with_a_field_are_counted(events, kind, field):
    row = health(events)[kind]
    assert row[field] == row["events"] > 0


def test_the_share_of_a_field_is_in_percent():
    events = minutes(zeek, 3) + minutes(zeek, 1, **{"id.resp_p": None})
    (row,) = asked("`t1029_health` | `t1029_health_shares`", events)
    assert (row["port"], row["dest"], row["process"]) == (75, 100, 0)


def test_a_rare_field_is_not_reported_as_absent():
    events = minutes(zeek, 299) + minutes(zeek, 1, service="ssl")
    (row,) = asked("`t1029_health` | `t1029_health_shares`", events)
    assert row["service"] == 1


# ---- problems

FETCHED = {"resp_bytes": 90_000}


def servers(fetching, sending, **fields):
    """Web connections to so many servers that answer with more, or with less, than they get."""
    sizes = [90_000] * fetching + [10] * sending
    return [
        zeek(NOW - 60 * n - 1, 1000, resp_bytes=size, **{"id.resp_h": f"203.0.113.{n}", **fields})
        for n, size in enumerate(sizes)
    ]


WRONG = [
    pytest.param(
        indexed(servers(4, 6)), "bytes may be swapped: 6 web clients send more", id="swapped"
    ),
    pytest.param(
        indexed(minutes(zeek, **FETCHED), -90),
        "clock ahead: 100 % of events",
        id="clock-ahead",
    ),
    pytest.param(
        indexed(minutes(zeek, **FETCHED), 1800),
        "late: the slowest 5 % arrive after 30 min",
        id="late",
    ),
    pytest.param(
        indexed(minutes(zeek, **FETCHED, **{"id.resp_h": "10.9.9.9"})),
        "no outbound connection",
        id="inside-only",
    ),
    pytest.param(
        [{**event, "_time": event["_time"] - 7200} for event in minutes(zeek, **FETCHED)],
        "silent: no event in the last 2 h",
        id="silent",
    ),
]


@pytest.mark.parametrize(("events", "said"), WRONG)
def test_problem_is_named(events, said):
    assert str(verdicts(events)["Zeek connections"]["verdict"]).startswith(said)


DOUBLED = {"id.orig_h": ["10.1.2.3", "10.1.2.3"], "id.resp_h": ["203.0.113.9", "203.0.113.9"]}


def test_fields_that_came_doubled_are_named_and_their_events_counted():
    events = indexed(minutes(zeek, 29, **FETCHED) + minutes(zeek, 1, **FETCHED, **DOUBLED))
    verdict = verdicts(events)["Zeek connections"]["verdict"]
    assert verdict.startswith("fields come doubled in 3 % of events")
    assert health(events)["Zeek connections"]["dest_ip"] == 30


def test_a_sender_that_is_no_address_is_named():
    events = indexed(
        minutes(zeek, 3, **FETCHED) + minutes(zeek, 1, **{"id.orig_h": "010.001.002.003"})
    )
    verdict = verdicts(events)["Zeek connections"]["verdict"]
    assert verdict.startswith("no address: 25 % of events")


def test_an_agent_is_counted_by_its_kind():
    event = {**CENSUS["crowdstrike"].event, "_time": NOW - 9}
    assert health([event])["Endpoint connections"]["process"] == 1


# ---- logs that are not searched


def not_searched(events, macros):
    inputs = Inputs(events=tuple({"index": "main", **event} for event in events))
    spl = [("| `t1029_not_searched`", "-1d", "now")]
    rows = run(spl=spl, inputs=inputs, now=NOW, macros=macros).results[0].rows
    return {row["sourcetype"]: row for row in rows}


def other_log(number, sourcetype, **fields):
    """Events of a log that the rules do not search."""
    pair = {"src_ip": "10.1.2.3", "dest_ip": "203.0.113.9", "bytes_out": 5}
    return [
        {"_time": NOW - 60 * n - 1, "sourcetype": sourcetype, **pair, **fields}
        for n in range(number)
    ]


TAGS = {"tag": ["communicate", "network"]}


def test_network_logs_that_are_not_searched_are_named_with_the_reason():
    events = [
        *minutes(zeek, 3),
        *minutes(palo_alto, 4, index="other", source="udp:514"),
        *other_log(5, "acme:gateway", **TAGS),
        *other_log(2, "cisco:ios"),
        *other_log(6, "access_combined"),
    ]
    found = not_searched(events, {"t1029_index": "index=main"})
    assert {name: (row["events"], row["advice"].split(":")[0]) for name, row in found.items()} == {
        "acme:gateway": (5, "known by its CIM tags alone"),
        "pan:traffic": (4, "its index is not searched"),
        "cisco:ios": (2, "not read"),
    }
    assert (found["acme:gateway"]["with a pair"], found["acme:gateway"]["with bytes"]) == (5, 5)


def test_what_only_its_tags_tell_comes_in_by_a_macro():
    events = other_log(5, "acme:gateway", **TAGS)
    assert health(events) == {}
    inputs = Inputs(events=tuple({"index": "main", **event} for event in events))
    opted = {"t1029_more_traffic": "`t1029_cim_traffic`"}
    spl = [("`t1029_events` | `t1029_normalize` | table src, dest_ip, bytes_out", "-1d", "now")]
    rows = run(spl=spl, inputs=inputs, now=NOW, macros=opted).results[0].rows
    assert rows == [{"src": "10.1.2.3", "dest_ip": "203.0.113.9", "bytes_out": 5}] * 5
    assert not_searched(events, opted) == {}


RIGHT = [
    pytest.param(indexed(minutes(zeek, **FETCHED)), id="as-it-should-be"),
    pytest.param(indexed(minutes(zeek, **FETCHED), 900), id="as-late-as-the-rules-wait"),
    pytest.param(indexed(minutes(zeek, **FETCHED), -60), id="clock-a-minute-ahead"),
    pytest.param(minutes(zeek, **FETCHED), id="without-index-time"),
    pytest.param(servers(5, 6), id="nearly-as-many-fetch-as-send"),
    pytest.param(servers(0, 9), id="too-few-to-judge-bytes"),
    pytest.param(servers(0, 30, **{"id.resp_p": 22}), id="no-web"),
    pytest.param(servers(9, 1) + minutes(zeek, 600, resp_bytes=10), id="one-client-sends-often"),
]


@pytest.mark.parametrize("events", RIGHT)
def test_sound_source_has_no_problem(events):
    assert verdicts(events)["Zeek connections"]["verdict"] == "no problem found"


def test_a_log_of_leases_may_be_silent():
    lease = {"_time": NOW - 7200, "sourcetype": "zeek:dhcp"}
    assert verdicts([lease])["DHCP"]["verdict"] == "no problem found"


def test_a_window_of_the_past_is_not_silent():
    events = [{**event, "_time": event["_time"] - 7200} for event in minutes(zeek, **FETCHED)]
    assert verdicts(events, "-2h")["Zeek connections"]["verdict"] == "no problem found"


def test_the_worst_source_comes_first():
    rows = asked(
        "`t1029_health` | `t1029_health_verdict`",
        indexed(minutes(palo_alto, bytes_in=90_000)) + indexed(servers(0, 20), 1800),
    )
    assert [row["kind"] for row in rows if row["sourcetype"] != "none"] == [
        "Zeek connections",
        "Firewall",
    ]


def test_logs_that_a_site_lacks_are_named_after_its_problems():
    rows = asked("`t1029_health` | `t1029_health_verdict`", indexed(minutes(palo_alto)))
    lacking = {row["kind"]: row["verdict"] for row in rows if row["sourcetype"] == "none"}
    assert lacking["File events"] == "no event: 1 rule would use it"
    assert set(lacking) == {kind for _, kind in map(_values, KINDS)} - {"Firewall"} | {
        "Endpoint connections"
    }
    assert [row["sourcetype"] for row in rows[-2:]] == ["none", "pan:traffic"]


def _values(param):
    return param.values


OUTSIDE_SHARE = [
    pytest.param(2, "no problem found", id="few"),
    pytest.param(3, "10 % of events are between two outside addresses", id="a-tenth"),
]


@pytest.mark.parametrize(("outside", "verdict"), OUTSIDE_SHARE)
def test_connections_between_outside_addresses_ask_for_own_networks(outside, verdict):
    events = minutes(palo_alto, 30, bytes_in=90_000)
    events[:outside] = [{**event, "src_ip": "198.51.100.7"} for event in events[:outside]]
    assert verdicts(indexed(events))["Firewall"]["verdict"].startswith(verdict)


def test_an_installation_without_data_says_what_to_do():
    spl = '`t1029_health` | `t1029_health_verdict` | `t1029_when_empty(verdict, "name indexes")`'
    assert [row["verdict"] for row in asked(spl, [])] == ["name indexes"]


# ---- the data of the rules


def test_without_data_every_rule_is_blind():
    assert {row["state"] for row in needs([]).values()} == {"blind"}


def test_one_of_several_sources_is_enough():
    events = minutes(palo_alto) + minutes(named)
    assert needs(events)["Same Time of Day on Several Days"]["state"] == "complete"


def test_a_rule_without_required_data_names_what_to_onboard():
    row = needs(minutes(zeek))["Non-standard Port or Unexpected Encryption"]
    assert row["state"] == "blind"
    assert row["missing"] == "service spoken (Zeek connections: app in 0 % of events)"
    assert row["onboard"] == "Zeek conn logs with service"


def test_a_rule_without_names_says_what_it_does_not_see():
    row = needs(minutes(palo_alto))["Same Time of Day on Several Days"]
    assert row["state"] == "partial"
    assert str(row["missing"]).startswith("names of destinations (")
    assert "cloud storage is seen by address only" in str(row["onboard"])


def test_swapped_bytes_of_a_proxy_are_a_problem():
    names = [f"{number}.example" for number in range(20)]
    events = [{**proxied(NOW - 9, 99_000_000), "hostname": name, "url": name} for name in names]
    said = verdicts([{**event, "dest_port": "443"} for event in events])["Proxy"]
    assert str(said["verdict"]).startswith("bytes may be swapped: 20 web clients")


def test_a_rule_without_optional_data_is_partial():
    row = needs(minutes(zeek))["High Volume Transfer at Specific Intervals"]
    assert row["state"] == "partial"


def test_a_source_with_too_small_a_share_does_not_count():
    events = minutes(zeek, 10) + minutes(zeek, 12, orig_bytes=None)
    row = needs(events)["High Volume Transfer at Specific Intervals"]
    assert row["state"] == "blind"
    assert "bytes_out in 45 % of events" in str(row["missing"])


def test_of_two_sourcetypes_the_better_counts():
    events = minutes(palo_alto) + minutes(palo_alto, 90, sourcetype="firewall:x", bytes_out=None)
    assert needs(events)["High Volume Transfer at Specific Intervals"]["state"] != "blind"


def test_blind_rules_come_first():
    states = [row["state"] for row in needs(minutes(zeek) + calls()).values()]
    assert states == sorted(states, key=["blind", "partial", "complete"].index)


# ---- what the searches cost


def ran(status="success", hours=1, **fields):
    """What the scheduler logs of a run."""
    return {
        "_time": NOW - hours * HOUR,
        "index": "_internal",
        "sourcetype": "scheduler",
        "savedsearch_name": INTERVAL,
        "status": status,
        "run_time": "12.5",
        "result_count": "3",
        **fields,
    }


def audited(**fields):
    """What Splunk's audit log says of a search that has ended."""
    return {
        "_time": NOW - HOUR,
        "index": "_audit",
        "sourcetype": "audittrail",
        "action": "search",
        "info": "completed",
        "savedsearch_name": INTERVAL,
        "total_run_time": "11.5",
        "scan_count": "2000",
        **fields,
    }


def costs(*events):
    return {row["rule"]: row for row in asked("`t1029_run_costs`", events)}


def test_runs_are_counted_and_timed():
    row = costs(ran(), ran(hours=2, run_time="20.5"), audited())["Fixed Interval Connections"]
    assert [row[name] for name in ("runs", "skipped", "results", "events read")] == [2, 0, 6, 2000]
    times = [float(row[f"{name} time"]) for name in ("median", "longest", "total")]
    assert (times, row["last run"]) == ([17, 20.5, 11.5], "2026-01-01 01:00")
    assert (row["_median"], row["_total"]) == ("17 s", "12 s")


ADVICE = [
    pytest.param([ran()], "no problem found", id="well"),
    pytest.param([ran(), ran("skipped")], "skipped runs: 1 of 2", id="skipped"),
    pytest.param([ran("skipped")], "skipped runs: 1 of 1", id="never-ran"),
    pytest.param([ran(run_time="600")], "slow:", id="slow"),
    pytest.param([ran(), ran("deferred")], "no problem found", id="deferred-to-later"),
    pytest.param([ran(), ran("delegated_remote")], "no problem found", id="run-by-a-member"),
    pytest.param([ran("delegated_remote_error")], "failed runs: 1", id="failed-on-a-member"),
    pytest.param([], "no run logged", id="not-scheduled"),
    pytest.param([ran(savedsearch_name="Other")], "no run logged", id="another-apps-search"),
]


@pytest.mark.parametrize(("events", "advice"), ADVICE)
def test_advice_about_a_search(events, advice):
    assert costs(*events)["Fixed Interval Connections"]["advice"].startswith(advice)


def test_every_rule_is_listed_even_one_that_never_ran():
    assert {f"T1029 - {rule} - Rule" for rule in costs(ran())} == set(rules())


def test_searches_with_problems_come_first():
    assert next(iter(costs(ran("skipped"), ran()))) == "Fixed Interval Connections"


# ---- the rollup

HOURLY, LATE = "T1029 - Hourly Rollup", "T1029 - Late Rollup"
MIDNIGHT = NEW_YEAR + DAY


def stored(search, arrival, rows=2, lost=0, late=240):
    """What a run of the rollup stores: rows, of which some are lost, and its receipt."""
    ran = arrival + (HOUR if search == HOURLY else DAY) + late
    made = {
        "index": "summary",
        "source": search,
        "arrival": arrival,
        "run": f"{arrival}-{1000 * ran}",
        "_indextime": ran + 5,
        "_time": arrival - 30 * DAY,
    }
    kept = [{**made, "rolled_sensor": f"zeek-{n} zeek"} for n in range(rows - lost)]
    return [*kept, {**made, "_time": arrival, "receipt_rows": rows}]


def hourly(first, last, **fields):
    hours = range(int(first), int(last), HOUR)
    return [event for arrival in hours for event in stored(HOURLY, arrival, **fields)]


def of_the_rollup(*events, now=MIDNIGHT + 600):
    spl = [("| `t1029_rollup_verdict`", "-45d", "+2d")]
    (result,) = run(spl=spl, inputs=Inputs(events=tuple(events)), now=now).results
    return [(row.get("search"), row["fault"]) for row in result.rows]


WHOLE = "no problem found: each run of the last 3 days stored all its rows"
ROLLED = [
    pytest.param(hourly(NEW_YEAR, MIDNIGHT), None, WHOLE, id="whole"),
    pytest.param(
        hourly(NEW_YEAR, MIDNIGHT, lost=1)[:3] + hourly(NEW_YEAR + HOUR, MIDNIGHT),
        HOURLY,
        "rows are missing: run it again",
        id="a-row-lost",
    ),
    pytest.param(
        stored(HOURLY, NEW_YEAR, lost=1)
        + stored(HOURLY, NEW_YEAR, late=900)
        + hourly(NEW_YEAR + HOUR, MIDNIGHT),
        None,
        WHOLE,
        id="a-row-lost-and-the-run-repeated",
    ),
    pytest.param(
        hourly(NEW_YEAR, NEW_YEAR + 9 * HOUR) + hourly(NEW_YEAR + 10 * HOUR, MIDNIGHT),
        HOURLY,
        "no complete run between the run before and this one",
        id="an-hour-skipped",
    ),
    pytest.param(
        hourly(NEW_YEAR, MIDNIGHT)[:-1],
        None,
        WHOLE,
        id="the-last-hour-not-done-yet",
    ),
    pytest.param(
        hourly(NEW_YEAR, MIDNIGHT - 4 * HOUR),
        HOURLY,
        "no complete run since: is it scheduled?",
        id="stopped-hours-ago",
    ),
    pytest.param(
        hourly(MIDNIGHT - 60 * HOUR, MIDNIGHT),
        HOURLY,
        "no run of T1029 - Late Rollup: is it scheduled?",
        id="no-late-run-in-two-days",
    ),
    pytest.param(
        hourly(MIDNIGHT - 60 * HOUR, MIDNIGHT) + stored(LATE, NEW_YEAR - DAY),
        None,
        WHOLE,
        id="rows-of-a-month-ago-and-a-late-run",
    ),
    pytest.param(hourly(NEW_YEAR - 9 * DAY, NEW_YEAR - 8 * DAY), None, "no run in", id="of-old"),
    pytest.param([], None, "no run in the last 3 days: the rules read events", id="not-in-use"),
]


@pytest.mark.parametrize(("events", "search", "said"), ROLLED)
def test_the_rollup_has_one_sentence_or_its_faults(events, search, said):
    ((named, fault),) = of_the_rollup(*events)
    assert (named, fault.startswith(said)) == (search, True)
