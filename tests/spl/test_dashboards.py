"""What the dashboards' macros return for connections and findings, on a few events each."""

import json

import pytest

from replay import Inputs, run
from tests.spl.findings import sid
from tests.spl.named_events import FILES, PROXY, connect, dns, tls
from tests.spl.sites import sites
from tests.structure.app_files import rules

DAY, HOUR = 86400, 3600
MONDAY = 1767571200  # 2026-01-05, 0 h in universal time
SENDER, SERVER = "10.1.2.3", "203.0.113.9"
SENDER_6 = "2001:db8:85a3:8d3:1319:8a2e:370:7348"
SENDER_6_IN_FULL = "2001:0DB8:85A3:08D3:1319:8A2E:0370:7348"


def contact(at, src=SENDER, dest=SERVER, sent=5_000_000):
    return {
        "_time": at,
        "index": "main",
        "sourcetype": "zeek:conn",
        "id.orig_h": src,
        "id.resp_h": dest,
        "id.resp_p": "443",
        "orig_bytes": str(sent),
        "resp_bytes": "900",
    }


def nightly(days, hour=2):
    return [contact(MONDAY + day * DAY + hour * HOUR + 40) for day in days]


def rows(spl, events, **settings):
    inputs = Inputs(events=tuple({"source": "a.log", **event} for event in events))
    (result,) = run(spl=[spl], inputs=inputs, **settings).results
    return result.rows


def given(src, dest):
    return f"eval asked_src={json.dumps(src)}, asked_dest={json.dumps(dest)}"


def asked(src, dest, macro="t1029_terms_of_pair", told_src=None):
    """The events about what was asked for, as Investigate searches them."""
    made = f"[| makeresults | {given(src, dest)} | `{macro}`]"
    names = f"[| makeresults | {given(told_src or src, dest)} | `t1029_terms_of_name`]"
    return f"`t1029_logs` ({made} OR [search `t1029_names` {names} | `t1029_terms_of_told`])"


def slots(src, dest):
    return f"{asked(src, dest)} | `t1029_flow_rows` | {given(src, dest)} | `t1029_asked_slots`"


def known(src=SENDER, dest=SERVER, macro="t1029_known_pairs"):
    return f"{slots(src, dest)} | `{macro}`"


FOUND = [
    pytest.param(SENDER, SERVER, 1, id="pair"),
    pytest.param(SENDER, "*", 1, id="sender"),
    pytest.param("*", SERVER, 1, id="destination"),
    pytest.param("10.1.*", "*", 1, id="wildcard"),
    pytest.param(f" {SENDER} ", "", 1, id="spaces-and-an-emptied-input"),
    pytest.param("", "", 0, id="both-inputs-emptied"),
    pytest.param(SENDER, "203.0.113.10", 0, id="other-destination"),
    pytest.param("10.1.2.30", "*", 0, id="longer-address"),
    pytest.param("*", "*", 0, id="nobody-chosen-reads-nothing"),
    pytest.param("ws-17", "*", 0, id="unknown-name"),
    pytest.param('x" OR index=*', "*", 0, id="a-way-out-of-the-quotes"),
    pytest.param("x OR sourcetype=*", "| delete", 0, id="words-of-a-search"),
]


@pytest.mark.parametrize(("src", "dest", "count"), FOUND)
def test_terms_find_the_events_that_were_asked_for(src, dest, count):
    assert len(rows(asked(src, dest), [contact(MONDAY)])) == count


@pytest.mark.parametrize("typed", [SENDER_6, SENDER_6_IN_FULL])
@pytest.mark.parametrize("logged", [SENDER_6, SENDER_6_IN_FULL])
def test_ipv6_address_is_found_in_any_spelling(typed, logged):
    events = [contact(MONDAY + second, src=logged) for second in range(4)]
    assert [row["src"] for row in rows(known(typed), events)] == [SENDER_6]


def test_host_name_stands_for_its_newest_address(tmp_path):
    learned = tmp_path / "addresses.csv"
    learned.write_text(f"name,address,last_seen\nws-17,{SENDER},{MONDAY}\n", encoding="utf-8")
    lookups = {"t1029_host_addresses": learned}
    assert len(rows(known("WS-17.example.com"), nightly(range(5)), lookups=lookups)) == 1


def beside(src, dest, events=None):
    events = events or [
        contact(MONDAY, src=sender, dest=server)
        for sender in (SENDER, "10.1.2.4")
        for server in (SERVER, "203.0.113.10")
    ]
    found = asked(src, dest, "t1029_terms_of_neighbours", told_src="*")
    spl = f"{found} | `t1029_flow_rows` | {given(src, dest)} | `t1029_beside`"
    return {(row["side"], row["src"], row["dest"]) for row in rows(spl, events)}


def test_beside_a_pair_stand_its_sender_s_and_its_destination_s_others():
    assert beside(SENDER, SERVER) == {
        ("sender", "10.1.2.4", SERVER),
        ("destination", SENDER, "203.0.113.10"),
    }


def test_beside_a_sender_stand_all_its_destinations():
    assert beside(SENDER, "*") == {
        ("destination", SENDER, SERVER),
        ("destination", SENDER, "203.0.113.10"),
    }


def test_beside_nobody_stands_nothing():
    assert beside("*", "*") == set()


def test_services_are_those_of_the_pair():
    events = [*nightly(range(3)), contact(MONDAY, dest="203.0.113.10")]
    assert [
        (row["dest_port"], row["process"], row["connections"])
        for row in rows(f"{slots(SENDER, SERVER)} | `t1029_services`", events)
    ] == [("443", "unknown", 3)]


def test_expected_pair_is_shown_with_its_list(tmp_path):
    allowed = tmp_path / "allowed.csv"
    allowed.write_text(f"network,src,dest_port,process\n{SERVER}/32,*,*,*\n", encoding="utf-8")
    (row,) = rows(known(), nightly(range(5)), lookups={"t1029_allow_list": allowed})
    assert row["lists"] == f"allow-list: {SERVER}/32"


STORE = FILES.partition(".")[2]


def told(make, at, *what, sender=SENDER, **fields):
    event = {"index": "main", **make(at - 1, *what, **{"id.orig_h": sender, **fields})}
    return {name: str(value) if name == "id.resp_p" else value for name, value in event.items()}


def to_a_name(days=7, sender=SENDER, net=113, name=FILES):
    """One contact a night to a name, each at another address."""
    nights = [MONDAY + day * DAY + 2 * HOUR + 40 for day in range(days)]
    return [
        event
        for day, at in enumerate(nights)
        for server in [f"203.0.{net}.{day + 1}"]
        for event in (
            contact(at, src=sender, dest=server),
            told(tls, at, name, sender=sender, **{"id.resp_h": server}),
        )
    ]


ALSO = [*nightly(range(7), hour=9), *to_a_name(3, net=114, name="other.example")]


@pytest.mark.parametrize("src", [SENDER, "*"])
@pytest.mark.parametrize(
    "dest",
    [FILES, STORE, f"*.{STORE}", f"name {FILES}", f"domain {STORE}", f"{FILES} (203.0.113.1)"],
)
def test_name_over_many_addresses_is_one_pair_with_its_schedule(src, dest):
    if dest.endswith(")"):
        assert [row["dest"] for row in rows(known(src, dest), to_a_name())] == ["203.0.113.1"]
        return
    (row,) = rows(known(src, dest), to_a_name() + ALSO)
    asked_for = dest.split(" ")[-1].removeprefix("*.")
    assert (row["src"], row["dest"], row["dest_name"]) == (SENDER, asked_for, asked_for)
    assert (row["schedule"], row["connections"], row["senders"]) == ("daily 02:00 ±0 min", 7, 1)


def test_without_a_destination_each_address_stands_for_itself():
    found = rows(known(dest="*"), to_a_name())
    assert len(found) == 7
    assert {row["dest_name"] for row in found} == {FILES}


def test_address_is_a_pair_with_its_name():
    (row,) = rows(known(dest="203.0.113.1"), to_a_name())
    assert (row["dest"], row["dest_name"]) == ("203.0.113.1", FILES)


@pytest.mark.parametrize("src", [SENDER, "*"])
def test_name_behind_a_proxy_is_a_pair(src):
    nights = [MONDAY + day * DAY + 40 for day in range(7)]
    events = [contact(at, dest=PROXY) | {"id.resp_p": "3128"} for at in nights]
    events += [told(connect, at, f"{FILES}:443") for at in nights]
    (row,) = rows(known(src, FILES), events)
    assert (row["dest"], row["connections"]) == (FILES, 7)


def test_name_that_a_lookup_told_is_found_without_a_sender():
    lookup = told(dns, MONDAY, FILES, SERVER)
    assert [row["dest"] for row in rows(known("*", FILES), [lookup, contact(MONDAY)])] == [FILES]


def test_name_that_no_log_tells_is_no_pair():
    assert rows(known(dest=FILES), nightly(range(7))) == []


@pytest.mark.parametrize(("senders", "found"), [(20, 20), (21, 20)])
def test_name_alone_is_followed_to_so_many_senders(senders, found):
    events = [
        event
        for number in range(senders)
        for event in to_a_name(2, sender=f"10.1.3.{number}", net=number)
    ]
    said = "A name alone is followed to 20 senders or addresses: where a sender is missing, enter"
    assert len(rows(known("*", FILES), events)) == found
    assert said in sentence(events, src="*", dest=FILES)
    assert said not in sentence(events, src="10.1.3.1", dest=FILES)


def test_name_of_few_addresses_is_followed_to_every_sender():
    events = [event for number in range(30) for event in to_a_name(2, sender=f"10.1.3.{number}")]
    assert len(rows(known("*", FILES), events)) == 30


def test_beside_a_name_stand_its_other_senders_under_it():
    events = [*to_a_name(3), *to_a_name(3, sender="10.1.2.4"), *nightly([0])]
    assert beside(SENDER, FILES, events) == {
        ("sender", "10.1.2.4", FILES),
        ("destination", SENDER, SERVER),
    }


def test_raw_events_of_a_name_are_those_at_its_addresses():
    spl = asked(SENDER, FILES, "t1029_terms_of_events").replace("t1029_logs", "t1029_events")
    found = rows(f"{spl} | `t1029_newest_connections`", to_a_name(3) + ALSO)
    assert sorted(row["dest"] for row in found) == [f"203.0.113.{n}" for n in (1, 2, 3)]


def sentence(events, **asked_for):
    spl = known(macro="t1029_known", **asked_for) + " | `t1029_known_sentence`"
    (row,) = rows(spl, events)
    return row["sentence"]


def test_sentence_says_what_is_known():
    said = f"{SENDER} sends to {SERVER} daily 02:00 ±0 min (risk "
    assert sentence(nightly(range(7))).startswith(said)


KNOWN_HOST = {
    "t1029_site_hosts": f"address,name,user,priority\n{SENDER}/32,desk-03,ann,high\n",
    "iplocation": "network,Country\n203.0.113.0/24,Germany\n",
}
OWNED = {"t1029_dest_owner(1)": 'eval owner_found="Example Hosting"'}


def test_sentence_names_both_sides(tmp_path):
    lookups = {name: tmp_path / f"{name}.csv" for name in KNOWN_HOST}
    for name, path in lookups.items():
        path.write_text(KNOWN_HOST[name], encoding="utf-8")
    spl = known(macro="t1029_known") + " | `t1029_known_sentence`"
    (row,) = rows(spl, nightly(range(7)), lookups=lookups, macros=OWNED)
    assert row["sentence"].startswith(
        f"desk-03 ({SENDER}) [user ann, priority high] sends to"
        f" {SERVER} [Example Hosting, Germany] daily 02:00 ±0 min (risk "
    )


def test_sentence_counts_the_pairs_that_are_not_shown():
    events = [contact(MONDAY, dest=f"203.0.{k // 200}.{k % 200}") for k in range(1200)]
    found = rows(known(dest="*", macro="t1029_known"), events)
    assert sum("state" not in row for row in found) == 1000
    assert sentence(events, dest="*").startswith("1200 pairs. Highest risk: ")


def test_sentence_says_what_to_do_where_nothing_is_found():
    assert sentence(nightly(range(7)), src="10.9.9.9").startswith(
        "No connection found. Enter a sender"
    )


def states(events):
    found = rows(known(macro="t1029_known") + " | where isnotnull(state)", events)
    return [(row["state"], row["_time"]) for row in found]


def test_night_without_a_connection_is_a_missed_transfer():
    found = states(nightly([0, 1, 2, 4, 5, 6, 7, 8]))
    assert [at for state, at in found if state == "missed"] == [MONDAY + 3 * DAY + 2 * HOUR + 40]


def test_schedule_of_weekdays_misses_no_weekend():
    workdays = [day for day in range(21) if day % 7 < 5]
    assert {state for state, _ in states(nightly(workdays, hour=9))} == {"observed"}


def test_schedule_of_some_days_of_the_week_misses_no_other():
    kept = [day for day in range(21) if day % 7 in (0, 2, 4)]
    assert {state for state, _ in states(nightly(kept))} == {"observed"}


def test_once_a_day_at_any_time_misses_only_days_without_a_transfer():
    """Two may be hours apart, or nearly two days."""
    hours = (23, 24 + 2, 48 + 23, 72 + 1, 96 + 20, 120 + 3, 192 + 12)
    observations = " ".join(str(MONDAY + 3600 * hour) for hour in hours)
    spl = (
        f'| makeresults | eval observations="{observations}", period=86400, jitter=0.5, '
        'schedule="once a day, at varying times" | `t1029_beats`'
    )
    (result,) = run(spl=[spl], inputs=Inputs()).results
    assert [row["state"] for row in result.rows] == ["observed"] * 6 + ["missed"] * 2 + ["observed"]


def test_burst_is_one_transfer():
    bursts = [contact(MONDAY + day * DAY + 2 * HOUR + 3 * k) for day in range(8) for k in range(4)]
    assert len(states(bursts)) == 8


def test_transfers_of_a_hundred_thousand_contacts_reach_no_limit():
    """mvexpand and eventstats stop at a limit of memory or rows, so they see the newest alone."""
    observations = " ".join(f"{MONDAY + 60 * k}:5:7" for k in range(100_000))
    spl = (
        f'| makeresults | eval observations="{observations}", period=60, schedule="hourly" '
        "| `t1029_beats`"
    )
    (result,) = run(spl=[spl], inputs=Inputs()).results
    assert [row["_time"] for row in result.rows] == [
        MONDAY + 60 * k for k in range(99_000, 100_000)
    ]
    assert {(row["state"], row["gap"], row["bytes_in"]) for row in result.rows} == {
        ("observed", 60, 7)
    }
    before = zip(result.stages, result.stages[1:])
    limited = [one.rows_out for one, then in before if then.command in ("mvexpand", "eventstats")]
    assert limited == [1000]


def punched(events):
    return rows(known(macro="t1029_known") + " | `t1029_punchcard`", events)


def test_punchcard_has_every_hour_of_the_week():
    cells = punched(nightly(range(8)))
    assert len({(row["day"], row["hour"]) for row in cells}) == len(cells) == 168


def test_punchcard_counts_transfers_by_local_hour_and_weekday():
    cells = punched(nightly(range(8)))
    counted = {(row["day"], row["hour"]): row["transfers"] for row in cells if "transfers" in row}
    days = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    assert counted == {(day, "02"): 2 if day == "Mon" else 1 for day in days}


def finding(rule, at, **fields):
    return {
        "_time": at,
        "index": "summary",
        "sourcetype": "stash",
        "sid": sid(at),
        "_indextime": at,
        "source": f"T1029 - {rule} - Rule",
        "src": SENDER,
        "dest_ip": SERVER,
        "risk_score": "8",
        "schedule": "daily 02:00 ±0 min",
        "reasons": "one\ntwo",
        "earliest": "2026-01-05T02:00:40+0000",
        "log10_p": "-5",
        "info_search_time": str(at),
        "info_min_time": str(at - DAY),
        **fields,
    }


def overview(
    events, src="*", dest="*", rule="*", severity="low", then="t1029_found_pairs", **settings
):
    asked_for = {"src": src, "dest": dest, "rule": rule, "severity": severity}
    given = ", ".join(f'asked_{name}="{value}"' for name, value in asked_for.items())
    spl = f"| `t1029_findings` | eval {given} | `t1029_asked_findings` | `{then}`"
    return rows(spl, events, **settings)


def test_findings_about_a_name_are_one_row_under_it():
    group = finding(
        "One Schedule to Changing Destinations",
        MONDAY,
        schedule_of=f"domain {STORE}",
        dest_ip="",
        dest="203.0.113.1\n203.0.113.2",
        dest_name=STORE,
    )
    (row,) = overview([group], dest=STORE)
    assert (row["destination"], row["_dest"]) == (STORE, STORE)


def test_destination_with_a_name_is_handed_over_as_its_address():
    (row,) = overview([finding("Any", MONDAY, dest_name=FILES)], dest=STORE)
    assert (row["destination"], row["_dest"]) == (f"{FILES} ({SERVER})", SERVER)


def test_sender_with_a_name_is_handed_over_as_its_address():
    name = 'a" | delete <b>$src$'
    (row,) = overview([finding("Any", MONDAY, src_name=name)])
    assert (row["sender"], row["_src"]) == (f"{name} ({SENDER})", SENDER)
    story = finding("Several Signals for One Sender", MONDAY, story="s", src_name=name)
    (row,) = overview([story], then="t1029_found_senders")
    assert (row["sender"], row["_src"]) == (f"{name} ({SENDER})", SENDER)


def test_destination_is_shown_with_its_owner_and_country():
    placed = {"dest_owner": "Example Hosting", "dest_country": "Germany"}
    (row,) = overview([finding("Any", MONDAY, **placed)])
    assert (row["destination"], row["_dest"]) == (f"{SERVER} [Example Hosting, Germany]", SERVER)


SAME_TIME = "T1029 - Same Time of Day on Several Days - Rule"
TWO_RULES = (
    finding(
        "Fixed Interval Connections",
        MONDAY,
        risk_score="9.5",
        log10_p="-2",
        schedule="a",
        severity="critical",
    ),
    finding(
        "Same Time of Day on Several Days", MONDAY, log10_p="-9", schedule="b", severity="high"
    ),
)


def test_pair_of_two_rules_is_one_row_with_the_higher_risk():
    (row,) = overview(TWO_RULES)
    assert (row["risk"], len(row["rules"])) == (9.5, 2)


def test_schedule_of_a_pair_is_that_of_the_surest_rule():
    (row,) = overview(TWO_RULES)
    assert (row["schedule"], row["reasons"]) == ("b", ["one", "two"])


CHOSEN = [
    pytest.param({"severity": "critical"}, 1, id="severity"),
    pytest.param({"severity": "critical", "rule": SAME_TIME}, 0, id="severity-too-high"),
    pytest.param({"severity": "high", "rule": SAME_TIME}, 1, id="severity-of-the-rule"),
    pytest.param({"rule": "T1029 - Fixed Interval Connections - Rule"}, 1, id="rule"),
    pytest.param({"rule": "T1029 - Nothing - Rule"}, 0, id="other-rule"),
    pytest.param({"src": "10.1.*"}, 1, id="sender"),
    pytest.param({"dest": "203.0.113.10"}, 0, id="other-destination"),
]


@pytest.mark.parametrize(("choice", "count"), CHOSEN)
def test_findings_are_those_that_match_the_filters(choice, count):
    assert len(overview(TWO_RULES, **choice)) == count


def test_pair_has_the_highest_severity_of_its_rules():
    (row,) = overview(TWO_RULES)
    assert row["_severity"] == "critical"


def test_kinds_of_evidence_of_several_rules_lift_a_pair():
    """A schedule alone is no critical finding, nor is a new job; both and a program are."""
    parts = [
        finding(rule, MONDAY, risk_score="9.5", severity="high", signals_seen=kinds)
        for rule, kinds in (("A", "schedule\njob"), ("B", "schedule\nprogram"))
    ]
    assert [overview([part])[0]["_severity"] for part in parts] == ["high", "high"]
    (row,) = overview(parts)
    assert row["_severity"] == "critical"


def test_kinds_of_evidence_at_several_destinations_lift_none():
    parts = [
        finding(
            "A",
            MONDAY,
            risk_score="9.5",
            severity="high",
            signals_seen=kinds,
            dest_ip=dest,
            dest=dest,
        )
        for kinds, dest in (("schedule\njob", SERVER), ("schedule\nprogram", "203.0.113.10"))
    ]
    assert {row["_severity"] for row in overview(parts)} == {"high"}


def test_pair_that_was_reported_before_is_not_new():
    old = finding("Fixed Interval Connections", MONDAY - 5 * DAY)
    again = finding("Fixed Interval Connections", MONDAY)
    fresh = finding("Fixed Interval Connections", MONDAY, src="10.1.2.4")
    found = overview((old, again, fresh))
    assert {row["sender"]: row["new"] for row in found} == {SENDER: 0, "10.1.2.4": 1}


def test_first_pairs_are_the_critical_ones_and_of_these_the_new():
    parts = [
        finding("A", at, dest_ip=dest, dest=dest, risk_score=risk, severity=severity)
        for dest, at, risk, severity in (
            ("203.0.113.1", MONDAY - 5 * DAY, "9.9", "high"),
            ("203.0.113.2", MONDAY - 5 * DAY, "9.8", "critical"),
            ("203.0.113.3", MONDAY, "9.1", "critical"),
        )
    ]
    found = overview(parts, then="t1029_found_pairs` | `t1029_first_pairs")
    assert [row["_dest"][-1] for row in found] == ["3", "2", "1"]


def test_pair_is_counted_on_the_day_of_its_first_report():
    old = finding("A", MONDAY - 5 * DAY, severity="high", risk_score="8")
    again = finding("A", MONDAY, severity="high", risk_score="8")
    fresh = finding("A", MONDAY, src="10.1.2.4", severity="critical", risk_score="9.5")
    found = overview((old, again, fresh), then="t1029_new_by_day")
    assert [(int(row["_time"]), row["critical"], row["high"]) for row in found] == [
        (MONDAY - 5 * DAY, 0, 1),
        (MONDAY, 1, 0),
    ]


def test_day_without_findings_is_an_empty_chart_without_a_warning():
    assert len(overview(TWO_RULES, "x", then="t1029_new_by_day")) == 1


CASE = 'kind="case", who=lower("kim"), changed=lower("2026-01-05 02:00"), status='


@pytest.mark.parametrize(
    ("made", "said"),
    [
        ('kind="history", status="closed"', "No finding, no case"),
        (f'{CASE}"closed"', "closed, kim, 2026-01-05 02:00"),
        (f'{CASE}mvappend("new", "back: why")', "new, kim, 2026-01-05 02:00; back: why"),
        ('kind="case", status=split("new", ",")', "new"),
    ],
)
def test_status_of_one_pair_says_who_decided_what(made, said):
    (row,) = rows(f"| makeresults | eval {made} | `t1029_status_sentence`", [])
    assert row["sentence"] == said


def test_status_of_several_pairs_counts_the_open_ones():
    made = 'split("new,new,in progress,closed", ",")'
    spl = f'| makeresults | eval kind="case", status={made} | mvexpand status'
    (row,) = rows(f"{spl} | `t1029_status_sentence`", [])
    assert row["sentence"] == "4 pairs: 2 new, 1 in progress, 1 decided"


def test_timeline_draws_each_transfer_apart_at_its_time_of_day():
    spl = f"{known(macro='t1029_known')} | where isnotnull(state) | `t1029_timeline`"
    found = rows(spl, nightly([0, 1, 2, 4, 5, 6, 7, 8]))
    drawn = found[::2]
    assert [row.get("observed") for row in found[1::2]] == [None] * 9
    assert [row["_time"] for row in drawn] == [MONDAY + k * DAY + 2 * HOUR + 40 for k in range(9)]
    assert [row.get("missed") for row in drawn] == [None] * 3 + [2.0] + [None] * 5


def test_table_sorts_by_bytes_and_shows_them_in_words():
    (row,) = overview([finding("Any", MONDAY, total_bytes="5770900000", bytes_in="693300")])
    assert (float(row["sent"]), row["_sent"], row["_received"]) == (5770900000, "5.77 GB", "693 kB")


def test_sentence_of_the_overview_says_where_to_start():
    (row,) = overview(TWO_RULES, then="t1029_found_pairs` | `t1029_overview_sentence")
    assert row["sentence"] == (
        f"1 pair, 1 critical, 1 new since yesterday. "
        f"Start with {SENDER} to {SERVER} (critical, risk 9.5): b."
    )


@pytest.mark.parametrize(
    ("site", "said"),
    [
        ("first-day", ", and no rule is scheduled. Open Set-up: it lists what is left to do."),
        ("half-blind", f"; 2 of {len(rules())} rules are scheduled. If you expect some, check "),
    ],
)
def test_sentence_of_the_overview_says_what_to_do_without_findings(tmp_path, site, said):
    then = "t1029_found_pairs` | `t1029_overview_sentence"
    (row,) = overview(TWO_RULES, "x", then=then, app=sites()[site].app(tmp_path / "app"))
    assert row["sentence"].startswith(f"No findings for these filters and this time range{said}")


def test_sender_has_its_newest_story():
    told = [
        finding("Several Signals for One Sender", MONDAY + k * DAY, signals="2", story=story)
        for k, story in enumerate(["old", "new\nnewer"])
    ]
    (row,) = overview(told, then="t1029_found_senders")
    assert row["story"] == ["new", "newer"]
