"""Entries that people add to the lists: valid ones are written, others get a message."""

import pytest

from replay import Inputs, run
from tests.spl.findings import finding

# 2026-01-07T12:00:00Z
NOW = 1767787200.0
TODAY = "2026-01-07"

MAC = "00:00:5e:00:53:01"

LISTS = {
    "suspicious": "t1029_site_suspicious_ip_list",
    "allowed": "t1029_allow_list",
    "block_candidate": "t1029_block_candidates",
    "device": "t1029_site_devices",
    "host": "t1029_site_hosts",
    "service": "t1029_site_expected_services",
}
RIGHT = {
    "suspicious": {"ip": "203.0.113.9", "description": "case 12"},
    "allowed": {"network": "203.0.113.9", "reason": "backup"},
    "block_candidate": {"dest_ip": "203.0.113.9", "reason": "case 12"},
    "device": {"mac": MAC, "description": "printer on floor 2"},
    "host": {"address": "203.0.113.9", "name": "desk-03", "description": "reception"},
    "service": {"dest_port": "4444", "app": "ssl", "description": "sensor gateway"},
}
DATED = ["suspicious", "allowed", "block_candidate"]
OF_NETWORKS = pytest.mark.parametrize("kind", [*DATED, "host"])
OTHER_PLACE = {"device": "00:00:5e:00:53:02", "service": "4445"}


def typed(kind, fields):
    """The search that a view's link opens."""
    values = ", ".join(f'{name}="{value}"' for name, value in fields.items())
    return f"| makeresults | eval {values} | `t1029_add_{kind}`"


def edited(kind, *entries):
    """The outcomes of entries typed one after another, and the list after them."""
    texts = [typed(kind, fields) for fields in entries]
    results = run(spl=[*texts, f"| inputlookup {LISTS[kind]}"], now=NOW).results
    return [result.rows[0]["outcome"] for result in results[:-1]], results[-1].rows


def reason_of(kind):
    return "reason" if "reason" in RIGHT[kind] else "description"


@pytest.mark.parametrize("kind", RIGHT)
def test_what_is_right_is_written(kind):
    outcomes, entries = edited(kind, RIGHT[kind])
    assert (outcomes, len(entries)) == (["written"], 1)


@pytest.mark.parametrize("kind", RIGHT)
def test_adding_again_replaces(kind):
    why = reason_of(kind)
    _, entries = edited(kind, RIGHT[kind], {**RIGHT[kind], why: "case 13"})
    assert [entry[why] for entry in entries] == ["case 13"]


@pytest.mark.parametrize("kind", RIGHT)
def test_adding_leaves_other_entries(kind):
    (place, *_) = RIGHT[kind]
    other = OTHER_PLACE.get(kind, "198.51.100.7")
    _, entries = edited(kind, RIGHT[kind], {**RIGHT[kind], place: other})
    assert len(entries) == 2


BAD_PLACES = [
    pytest.param("203.0.113.999", "203.0.113.999 is not an address", id="number-above-255"),
    pytest.param("203.0.113.0/33", "203.0.113.0/33 is not an address", id="prefix-above-32"),
    pytest.param("2001:db8::/129", "2001:db8::/129 is not an address", id="prefix-above-128"),
    pytest.param("203.0.113.0/", "203.0.113.0/ is not an address", id="prefix-left-out"),
    pytest.param("203.0.113.0/24/8", "203.0.113.0/24/8 is not an address", id="two-prefixes"),
    pytest.param("*", "* is not an address", id="pattern"),
    pytest.param(" ", "Enter an address", id="nothing"),
]
BAD_DATES = [
    pytest.param("next week", "Expires: next week is not a date", id="words"),
    pytest.param("31.01.2027", "Expires: 31.01.2027 is not a date", id="another-order"),
    pytest.param("2027-13-01", "Expires: 2027-13-01 is not a date", id="month-13"),
    pytest.param("+90", "Expires: +90 is not a date", id="time-without-unit"),
    pytest.param("2026-01-06", "Expires: 2026-01-06 is in the past", id="yesterday"),
]


@OF_NETWORKS
@pytest.mark.parametrize(("place", "problem"), BAD_PLACES)
def test_what_is_no_network_is_named_and_not_written(kind, place, problem):
    (field, *_) = RIGHT[kind]
    outcomes, entries = edited(kind, {**RIGHT[kind], field: place})
    assert outcomes[0].startswith(f"not written: {problem}")
    assert entries == []


OF_NAMES = pytest.mark.parametrize("kind", ["suspicious", "allowed"])
NAMES = {"suspicious": "t1029_site_suspicious_domains", "allowed": "t1029_allow_names"}
NAME_FIELDS = {"suspicious": "domain", "allowed": "name"}


def named(kind, place, then=""):
    """The outcome of a typed destination, or of what is done then, and the entries by name."""
    (field, *_) = RIGHT[kind]
    texts = [typed(kind, {**RIGHT[kind], field: place}), then, f"| inputlookup {NAMES[kind]}"]
    results = run(spl=[text for text in texts if text], now=NOW).results
    return results[-2].rows[0]["outcome"], results[-1].rows


@OF_NAMES
@pytest.mark.parametrize(
    ("place", "stored"),
    [
        pytest.param("backup.example.com", "*.backup.example.com", id="name"),
        pytest.param("*.Backup.example.com.", "*.backup.example.com", id="as-a-pattern"),
        pytest.param("backup-*.example.com", "*.backup-*.example.com", id="pattern-within"),
        pytest.param("b1.s3.amazonaws.com", "*.b1.s3.amazonaws.com", id="bucket"),
        pytest.param("face.cafe", "*.face.cafe", id="letters-of-addresses"),
    ],
)
def test_a_name_is_stored_in_one_spelling(kind, place, stored):
    outcome, (entry,) = named(kind, place)
    assert (outcome, entry[NAME_FIELDS[kind]]) == ("written", stored)


@OF_NAMES
@pytest.mark.parametrize(
    ("place", "problem"),
    [
        pytest.param("com", "com stands for many owners", id="public-suffix"),
        pytest.param("*.co.uk", "co.uk stands for many owners", id="public-suffix-as-a-pattern"),
        pytest.param("a.*.com", "com stands for many owners", id="pattern-over-owners"),
        pytest.param("a*b.com", "com stands for many owners", id="pattern-within-the-domain"),
        pytest.param("exam*", "exam* is not an address, network or name", id="open-end"),
        pytest.param("a b.com", "a b.com is not an address, network or name", id="space"),
        pytest.param("https://a.com/", "https://a.com/ is not an address", id="address-of-a-page"),
        pytest.param("a..com", "a..com is not an address", id="empty-label"),
        pytest.param("bücher.example", "bücher.example: write the name as logs do", id="script"),
    ],
)
def test_what_is_no_name_of_one_owner_is_named_and_not_written(kind, place, problem):
    outcome, entries = named(kind, place)
    assert outcome.startswith(f"not written: {problem}")
    assert entries == []


@pytest.mark.parametrize(
    ("kind", "outcome"),
    [("suspicious", "written"), ("allowed", "not written: duckdns.org stands for many owners")],
)
def test_a_service_that_names_anyone_may_be_suspicious_but_not_allowed(kind, outcome):
    assert named(kind, "duckdns.org")[0].startswith(outcome)


@OF_NAMES
def test_an_entry_by_name_is_ended(kind):
    entries = {"suspicious": "t1029_site_suspicious", "allowed": "t1029_allow_entries"}[kind]
    then = f'| `{entries}` | eval who="kim" | `t1029_end_{kind}`'
    outcome, (entry,) = named(kind, "backup.example.com", then)
    assert (outcome, entry["expires"]) == ("ended", "2026-01-06")


@OF_NAMES
def test_names_are_shown_beside_networks(kind):
    (field, *_) = RIGHT[kind]
    texts = [typed(kind, {**RIGHT[kind], field: one}) for one in ("a.example", "203.0.113.9")]
    rows = shown(kind, texts).rows
    assert {"*.a.example", "203.0.113.9/32"} - {row[field] for row in rows} == set()


def test_the_shipped_names_are_shown():
    shipped = {row["ip"] for row in shown("suspicious").rows if row["list"] == "shipped"}
    assert "*.bad.example" in shipped


@pytest.mark.parametrize("kind", DATED)
@pytest.mark.parametrize(("expires", "problem"), BAD_DATES)
def test_what_is_no_coming_date_is_named_and_not_written(kind, expires, problem):
    outcomes, entries = edited(kind, {**RIGHT[kind], "expires": expires})
    assert outcomes[0].startswith(f"not written: {problem}")
    assert entries == []


@pytest.mark.parametrize("kind", [kind for kind in RIGHT if kind != "host"])
def test_an_entry_without_a_reason_is_not_written(kind):
    why = reason_of(kind)
    outcomes, entries = edited(kind, {**RIGHT[kind], why: " "})
    assert outcomes[0].startswith("not written: Enter a reason")
    assert entries == []


def test_every_problem_is_named_at_once():
    ((outcome,), _) = edited("allowed", {"network": "here", "reason": "", "expires": "soon"})
    assert outcome.count(". ") == 2


@pytest.mark.parametrize(
    ("expires", "stored"),
    [
        pytest.param("2026-01-07", "2026-01-07", id="today"),
        pytest.param(" 2027-01-31 ", "2027-01-31", id="spaces-around-it"),
        pytest.param("+90d", "2026-04-07", id="days-from-now"),
        pytest.param("+6mon", "2026-07-07", id="months-from-now"),
        pytest.param("+1y", "2027-01-07", id="a-year-from-now"),
        pytest.param("", None, id="for-ever"),
        pytest.param("never", None, id="never"),
    ],
)
def test_expires_is_stored_as_a_date(expires, stored):
    _, (entry,) = edited("allowed", {**RIGHT["allowed"], "expires": expires})
    assert entry.get("expires") == stored


@pytest.mark.parametrize(
    ("place", "stored"),
    [
        pytest.param("203.0.113.9", "203.0.113.9/32", id="address"),
        pytest.param(" 203.0.113.0/24 ", "203.0.113.0/24", id="network"),
        pytest.param("2001:DB8:0:0:0:0:0:9", "2001:db8::9/128", id="address-version-6"),
        pytest.param("2001:DB8::/32", "2001:db8::/32", id="network-version-6"),
    ],
)
def test_a_network_is_stored_in_one_spelling(place, stored):
    _, (entry,) = edited("suspicious", {**RIGHT["suspicious"], "ip": place})
    assert entry["ip"] == stored


def test_an_entry_that_would_match_everything_is_not_written():
    outcomes, entries = edited("allowed", {"network": "0.0.0.0/0", "reason": "quiet"})
    assert "would match every finding" in outcomes[0]
    assert entries == []


@pytest.mark.parametrize(
    ("entry", "outcome"),
    [
        pytest.param({"priority": " High "}, "written", id="priority-alone"),
        pytest.param({"user": "ann"}, "written", id="user-alone"),
        pytest.param({}, "not written: Enter a name, a user or a priority", id="nothing"),
        pytest.param(
            {"name": "a", "priority": "top"}, "not written: The priority must be", id="priority"
        ),
    ],
)
def test_a_host_says_something(entry, outcome):
    (found,), entries = edited("host", {"address": "10.1.0.0/16", **entry})
    assert found.startswith(outcome)
    assert [row.get("priority", "high") for row in entries] == ["high"] * (outcome == "written")


def test_a_host_is_removed():
    removed = 'eval removed=if(address="10.1.2.3/32", 1, 0) | `t1029_remove_host`'
    texts = [typed("host", {"address": f"10.1.2.{n}", "name": f"ws-{n}"}) for n in (3, 4)]
    spl = [*texts, f"| inputlookup t1029_site_hosts | {removed}", "| `t1029_list_hosts`"]
    *_, left, listed = [result.rows for result in run(spl=spl, now=NOW).results]
    assert [row["name"] for row in left] == ["ws-4"]
    assert [(row["address"], row["list"]) for row in listed] == [("10.1.2.4/32", "site")]


def test_any_destination_of_one_sender_may_be_allowed():
    _, (entry,) = edited(
        "allowed", {"network": "0.0.0.0/0", "src": "10.1.2.3", "reason": "scanner"}
    )
    assert entry["src"] == "10.1.2.3"


def test_a_process_is_stored_in_lower_case():
    _, (entry,) = edited("allowed", {**RIGHT["allowed"], "process": "*/Sync.exe"})
    assert entry["process"] == "*/sync.exe"


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        pytest.param("10.1.2.3", "10.1.2.3 is an internal address", id="inside"),
        pytest.param("203.0.113.0/24", "203.0.113.0/24 is a network", id="network"),
    ],
)
def test_what_must_not_be_blocked_is_no_candidate(address, problem):
    outcomes, entries = edited("block_candidate", {"dest_ip": address, "reason": "case 12"})
    assert outcomes[0].startswith(f"not written: {problem}")
    assert entries == []


@pytest.mark.parametrize(
    ("kind", "changed", "problem"),
    [
        pytest.param("device", {"mac": "00:00:5e:00:53"}, "is not a hardware", id="mac-too-short"),
        pytest.param("device", {"mac": ""}, "Enter a hardware address", id="no-mac"),
        pytest.param("service", {"dest_port": "65536"}, "65536 is not a port", id="port-too-high"),
        pytest.param("service", {"dest_port": "https"}, "https is not a port", id="port-by-name"),
        pytest.param("service", {"app": "ssl,http"}, "ssl,http is not a single", id="two-services"),
        pytest.param("service", {"app": ""}, "Enter a service", id="no-service"),
        pytest.param("suspicious", {"ip": "::/0"}, "matches every address", id="every-address"),
    ],
)
def test_what_a_list_cannot_hold_is_named_and_not_written(kind, changed, problem):
    outcomes, entries = edited(kind, {**RIGHT[kind], **changed})
    assert problem in outcomes[0]
    assert entries == []


@pytest.mark.parametrize(
    "written",
    [
        pytest.param("00-00-5E-00-53-01", id="hyphens"),
        pytest.param("0000.5e00.5301", id="dots"),
        pytest.param(" 00005E005301 ", id="digits-alone"),
    ],
)
def test_a_hardware_address_is_stored_in_one_spelling(written):
    _, (entry,) = edited("device", {**RIGHT["device"], "mac": written})
    assert entry["mac"] == MAC


def test_what_a_person_has_decided_stays(tmp_path):
    decided = tmp_path / "candidates.csv"
    decided.write_text("dest_ip,state,decided_by\n203.0.113.9,rejected,kim\n", encoding="utf-8")
    (result,) = run(
        spl=[typed("block_candidate", RIGHT["block_candidate"])],
        now=NOW,
        lookups={"t1029_block_candidates": decided},
    ).results
    assert result.rows[0]["outcome"] == "not written: 203.0.113.9 is already rejected, by kim"


def test_each_entry_has_its_own_outcome():
    rows = '| makeresults count=2 | streamstats count AS n | eval reason="r"'
    one_bad = rows + ', network=if(n=1, "203.0.113.9", "here") | `t1029_add_allowed`'
    added, kept = run(spl=[one_bad, "| inputlookup t1029_allow_list"], now=NOW).results
    assert [row["outcome"] == "written" for row in added.rows] == [True, False]
    assert len(kept.rows) == 1


# ---- changing entries


def changed(kind, change, columns="_key"):
    """The answer to a change of the one entry of a list, and the list after it."""
    select = f"| inputlookup {LISTS[kind]} | where isnotnull({columns})"
    texts = [typed(kind, RIGHT[kind]), f"{select} | {change}", f"| inputlookup {LISTS[kind]}"]
    _, answer, after = run(spl=texts, now=NOW).results
    return answer.rows, after.rows


@pytest.mark.parametrize("kind", ["suspicious", "allowed"])
def test_an_ended_entry_stays_readable_and_no_longer_matches(kind):
    answer, (entry,) = changed(kind, f'eval who="kim" | `t1029_end_{kind}`')
    assert answer[0]["outcome"] == "ended"
    assert entry["expires"] == "2026-01-06"
    assert entry[reason_of(kind)].endswith("(ended 2026-01-07 by kim)")


@pytest.mark.parametrize("change", ["`t1029_end_allowed`", "`t1029_end_suspicious`"])
def test_a_change_without_an_entry_is_reported(change):
    kind = change[len("`t1029_end_") : -1]
    answer, entries = changed(kind, f"where false() | {change}")
    assert answer[0]["outcome"].startswith("nothing written: the site's list has no such entry")
    assert entries[0].get("expires") is None


def decision(state, who, expires=""):
    fields = f'state="{state}", decided_by="{who}", expires="{expires}"'
    return changed("block_candidate", f"eval {fields} | `t1029_decide_block_candidate`")


@pytest.mark.parametrize("state", ["approved", "rejected"])
def test_a_decision_is_written_with_its_name(state):
    _, (entry,) = decision(state, "kim", "+30d")
    assert (entry["state"], entry["decided_by"], entry["expires"]) == (state, "kim", "2026-02-06")
    assert entry["reason"] == "case 12"


@pytest.mark.parametrize(
    ("state", "who", "expires", "problem"),
    [
        pytest.param("blocked", "kim", "", "not blocked", id="unknown-state"),
        pytest.param("approved", " ", "", "Enter who decides", id="nobody"),
        pytest.param("approved", "kim", "soon", "Expires: soon", id="no-date"),
    ],
)
def test_a_decision_that_cannot_be_right_is_not_written(state, who, expires, problem):
    answer, (entry,) = decision(state, who, expires)
    assert problem in answer[0]["outcome"]
    assert entry["state"] == "proposed"


# ---- the lists as they are shown


def shown(name, spl=(), events=(), **lists):
    """Rows of a list's macro."""
    inputs = Inputs(events=tuple(events))
    return run(spl=[*spl, f"| `t1029_list_{name}`"], inputs=inputs, now=NOW, **lists).results[-1]


def test_suspicious_addresses_of_the_site_and_shipped_are_shown():
    rows = shown("suspicious", [typed("suspicious", RIGHT["suspicious"])]).rows
    assert {row["list"] for row in rows} == {"site", "shipped"}


STATES = [
    pytest.param("", "active", id="for-ever"),
    pytest.param("2027-01-01", "active", id="in-a-year"),
    pytest.param("2026-01-07", "expires in 0 days", id="today"),
    pytest.param("2026-01-21", "expires in 14 days", id="in-two-weeks"),
    pytest.param("2026-01-22", "active", id="in-more-than-two-weeks"),
    pytest.param("2026-01-06", "expired", id="yesterday"),
    pytest.param("soon", "invalid: expires is not a date", id="no-date"),
]


@pytest.fixture
def allowed(tmp_path):
    """Return a function from dates of expiry to the allow-list as shown."""

    def listed(*dates, events=()):
        path = tmp_path / "allowed.csv"
        lines = [f"203.0.113.{n}/32,*,*,*,backup,{date}" for n, date in enumerate(dates, 9)]
        header = "network,src,dest_port,process,reason,expires"
        path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
        return shown("allowed", events=events, lookups={"t1029_allow_list": path}).rows

    return listed


@pytest.mark.parametrize(("expires", "state"), STATES)
def test_an_entry_has_a_state(allowed, expires, state):
    assert [row["state"] for row in allowed(expires)] == [state]


@pytest.mark.parametrize(
    ("expires", "bad"),
    [
        pytest.param('""', None, id="nothing-stored-as-empty-text"),
        pytest.param("null()", None, id="nothing"),
        pytest.param('mvappend("", "2026-01-06")', 1, id="one-of-two-is-past"),
    ],
)
def test_an_entry_with_an_empty_expiry_never_expires(expires, bad):
    spl = f"| makeresults | eval expires={expires}, bad=mvcount(`t1029_not_good(expires)`)"
    (row,) = run(spl=[spl], now=NOW).results[0].rows
    assert row.get("bad") == bad


def test_an_empty_expiry_is_shown_as_active():
    spl = '| makeresults | eval expires="" | `t1029_entry_state`'
    assert [row["state"] for row in run(spl=[spl], now=NOW).results[0].rows] == ["active"]


def test_invalid_and_expiring_entries_come_first(allowed):
    states = [row["state"] for row in allowed("2026-01-01", "", "2026-01-10", "soon")]
    assert states == ["invalid: expires is not a date", "expires in 3 days", "active", "expired"]


def test_an_entry_says_how_many_findings_it_hides(allowed):
    events = [
        finding("Fixed Interval Connections", 9, NOW - 3600),
        finding("Fixed Interval Connections", 9, NOW - 1800),
        finding("Same Time of Day on Several Days", 9, NOW - 3600),
    ]
    assert [row["hides"] for row in allowed("", "", events=events)] == [2, 0]


NAMED = {"dest_name": "eu.backup.example.com"}


@pytest.mark.parametrize("address", [{}, {"dest_ip": None}], ids=["beside-an-address", "alone"])
def test_an_entry_by_name_says_how_many_findings_it_hides(address):
    found = finding("Fixed Interval Connections", 9, NOW - 3600, **NAMED, **address)
    logged = {name: value for name, value in found.items() if value is not None}
    add = typed("allowed", {**RIGHT["allowed"], "network": "backup.example.com"})
    (row,) = shown("allowed", [add], events=[logged]).rows
    assert (row["network"], row["hides"]) == ("*.backup.example.com", 1)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        pytest.param("backup.example.com", 1, id="name-above"),
        pytest.param("us.backup.example.com", 0, id="another-name"),
        pytest.param("example.com ", 1, id="domain"),
        pytest.param("com", 1, id="too-wide-to-be-written"),
        pytest.param("203.0.113.0/24", 1, id="network"),
        pytest.param("nonsense name", 0, id="neither"),
    ],
)
def test_findings_that_a_typed_entry_would_match_are_counted(text, count):
    events = (finding("Fixed Interval Connections", 9, NOW - 3600, **NAMED),)
    spl = f'`t1029_stored_findings` | eval entry_network="{text}" | `t1029_count_named`'
    (row,) = run(spl=[spl], inputs=Inputs(events=events), now=NOW).results[0].rows
    assert row["named"] == count


def test_entries_by_name_and_by_network_are_told_apart(tmp_path):
    # In files as in two collections, entries of the two lists may have the same keys.
    networks, names = tmp_path / "networks.csv", tmp_path / "names.csv"
    networks.write_text("network,src,dest_port,process\n203.0.113.9/32,*,*,*\n", encoding="utf-8")
    names.write_text("name,src,dest_port,process\n*.a.example,*,*,*\n", encoding="utf-8")
    given = {"t1029_allow_list": networks, "t1029_allow_names": names}
    events = (finding("Fixed Interval Connections", 9, NOW - 3600),)
    rows = shown("allowed", events=events, lookups=given).rows
    assert {row["network"]: row["hides"] for row in rows} == {"203.0.113.9/32": 1, "*.a.example": 0}


def test_undecided_candidates_come_first():
    rows = shown(
        "block_candidates",
        [
            typed("block_candidate", {**RIGHT["block_candidate"], "dest_ip": address})
            for address in ("203.0.113.9", "203.0.113.10")
        ]
        + [
            '| inputlookup t1029_block_candidates | where dest_ip="203.0.113.10" | '
            'eval state="approved", decided_by="kim" | `t1029_decide_block_candidate`'
        ],
    ).rows
    assert [row["state"] for row in rows] == ["proposed", "approved"]


def test_an_approval_that_has_expired_says_so(tmp_path):
    path = tmp_path / "candidates.csv"
    path.write_text("dest_ip,state,expires\n203.0.113.9,approved,2026-01-01\n", encoding="utf-8")
    (row,) = shown("block_candidates", lookups={"t1029_block_candidates": path}).rows
    assert row["state"] == "approval expired"


@pytest.mark.parametrize(
    ("first_seen", "trust"),
    [
        pytest.param(NOW - 10 * 86400, "learned from DHCP", id="long-known"),
        pytest.param(NOW - 86400, "new: treated as unknown", id="new"),
    ],
)
def test_a_device_says_whether_it_is_known(tmp_path, first_seen, trust):
    path = tmp_path / "known.csv"
    path.write_text(f"mac,first_seen\n*,1\n{MAC},{first_seen}\n", encoding="utf-8")
    (row,) = shown("devices", lookups={"t1029_known_devices": path}).rows
    assert (row["mac"], row["trust"]) == (MAC, trust)


def test_a_listed_device_is_known():
    (row,) = shown("devices", [typed("device", RIGHT["device"])]).rows
    assert row["trust"] == "on the site's list"


def test_services_of_the_site_stand_beside_the_shipped_ones():
    rows = shown("services", [typed("service", {**RIGHT["service"], "dest_port": "443"})]).rows
    (row,) = [row for row in rows if row["dest_port"] == "443"]
    assert row["list"] == ["shipped", "site"]
