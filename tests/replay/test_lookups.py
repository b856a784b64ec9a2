"""Lookups: CSV files and KV Store collections."""

import pytest

from replay import InputError, Inputs, SplError, run

MATCHES = {
    "cidr": ("networks ip AS v OUTPUT note", "192.0.2.1", "first"),
    "several-in-file-order": ("networks ip AS v OUTPUT note", "192.0.2.200", ["first", "second"]),
    "file-order-not-longest-prefix": ("first_network ip AS v OUTPUT note", "192.0.2.200", "first"),
    "cidr-ipv6": ("networks ip AS v OUTPUT note", "2001:db8::9", "six"),
    "an-address-is-a-network": ("networks ip AS v OUTPUT note", "198.51.100.7", "single"),
    "no-match-is-null": ("networks ip AS v OUTPUT note", "203.0.113.1", None),
    "no-address-is-null": ("networks ip AS v OUTPUT note", "host.example", None),
    "wildcard": ("names name AS v OUTPUT kind AS note", "updater", "service"),
    "wildcard-case-counts": ("names name AS v OUTPUT kind AS note", "Updater", None),
    "exact": ("strict_ports name AS v OUTPUT proto AS note", "https", "TCP"),
    "case-counts": ("strict_ports name AS v OUTPUT proto AS note", "HTTPS", None),
    "case-ignored": ("ports name AS v OUTPUT proto AS note", "HTTPS", "TCP"),
    "an-empty-cell-is-null": ("ports port AS v OUTPUT name AS note", "53", "dns"),
    "by-file-name": ("ports.csv port AS v OUTPUT proto AS note", "443", "TCP"),
    "kv-store-is-empty": ("site ip AS v OUTPUT note", "192.0.2.1", None),
}


@pytest.mark.parametrize(("arguments", "value", "expected"), MATCHES.values(), ids=MATCHES)
def test_match(rows, arguments, value, expected):
    assert rows(f"* | lookup {arguments}", {"v": value})[0].get("note") == expected


def test_two_fields_must_both_match(rows):
    event = {"p": "53", "t": "UDP"}
    assert rows("* | lookup ports port AS p, proto AS t OUTPUT name", event)[0]["name"] == "dns"


def test_without_output_all_other_fields_come(rows):
    assert rows("* | lookup ports port", {"port": "443"}) == [
        {"port": "443", "proto": "TCP", "name": "https"}
    ]


def test_output_replaces(rows):
    assert (
        rows("* | lookup ports port OUTPUT name", {"port": "443", "name": "old"})[0]["name"]
        == "https"
    )


def test_output_without_a_match_on_a_known_field_is_refused(search):
    with pytest.raises(SplError, match="OUTPUT to 'name'"):
        search("* | lookup ports port OUTPUT name", {"port": "1", "name": "old"})


def test_null_matches_nothing(rows):
    assert rows("* | lookup ports port OUTPUT name", {}) == [{}]


def test_inputlookup_keeps_file_order_and_columns(search):
    result = search("| inputlookup ports")
    assert (result.columns, result.rows[0]["name"]) == (["port", "proto", "name"], "https")


def test_inputlookup_append(rows):
    assert len(rows("* | inputlookup append=t ports", {"v": "1"})) == 4


GIVEN = {
    "a-collection": ("site", "site"),
    "a-stanza": ("networks", "networks"),
    "a-file-name": ("networks.csv", "networks"),
}


@pytest.mark.parametrize(("name", "used"), GIVEN.values(), ids=GIVEN)
def test_given_rows_stand_in(rows, log, name, used):
    path = log("mine.csv", "ip,note\n203.0.113.0/24,mine\n203.0.113.1,mine\n")
    found = rows(f"| inputlookup {used} | head 1 | table ip, note", lookups={name: path})
    assert found == [{"ip": "203.0.113.0/24", "note": "mine"}]


def test_given_rows_for_an_unknown_lookup_are_refused(rows, log):
    with pytest.raises(InputError, match="no lookup of that name"):
        rows("| inputlookup site", lookups={"nosuch": log("mine.csv", "ip\n")})


def test_given_rows_must_have_the_collections_fields(rows, log):
    with pytest.raises(InputError, match="no field 'color'"):
        rows("| inputlookup site", lookups={"site": log("mine.csv", "ip,color\n192.0.2.1,red\n")})


def test_bad_network_names_its_row(rows, log):
    path = log("mine.csv", "ip,note\n192.0.2.1,a\n192.0.2.300,b\n")
    with pytest.raises(InputError, match=r"row 2: '192\.0\.2\.300' is no network"):
        rows("* | lookup networks ip AS v", {"v": "192.0.2.1"}, lookups={"networks": path})


def test_a_row_too_long_names_its_line(rows, log):
    with pytest.raises(InputError, match="line 2: more cells"):
        rows(
            "| inputlookup ports", lookups={"ports": log("mine.csv", "port,proto,name\n1,2,3,4\n")}
        )


def test_host_bits_in_a_network_do_not_matter(rows, log):
    path = log("mine.csv", "ip,note\n192.0.2.77/24,a\n")
    found = rows(
        "* | lookup networks ip AS v OUTPUT note", {"v": "192.0.2.1"}, lookups={"networks": path}
    )
    assert found[0]["note"] == "a"


# ---- inputlookup where

FILTERED = {
    "equal": ("ports where port=53", ["dns", None]),
    "unequal": ("ports where port!=53", ["https"]),
    "order-of-numbers": ("ports where port>53", ["https"]),
    "wildcard-and-NOT": ('ports where proto="T*" NOT name=https', [None]),
    "brackets": ("ports WHERE (port=53 AND proto=UDP) OR port=443", ["https", "dns"]),
    "nothing": ("ports where port=1", []),
}


@pytest.mark.parametrize(("arguments", "names"), FILTERED.values(), ids=FILTERED)
def test_inputlookup_where(rows, arguments, names):
    assert [row.get("name") for row in rows(f"| inputlookup {arguments}")] == names


def test_inputlookup_where_appends_what_passes(rows):
    assert len(rows("* | inputlookup append=t ports where port=53", {"v": "1"})) == 3


# ---- outputlookup


@pytest.fixture
def after(app):
    """Return a function from searches to the rows of the last, run in turn over three events."""
    events = tuple({"_time": 100.0 - n, "v": str(n), "w": w} for n, w in enumerate("aab"))

    def ran(*texts):
        found = run(spl=texts, inputs=Inputs(events=events), app=app).results[-1].rows
        return [{k: v for k, v in row.items() if not k.startswith("_")} for row in found]

    return ran


LEARN = "* | stats count BY w | rename w AS name"


def test_what_is_written_is_read_by_the_next_search(after):
    assert after(f"{LEARN} | outputlookup seen", "| inputlookup seen") == [
        {"name": "a", "count": "2"},
        {"name": "b", "count": "1"},
    ]


def test_what_is_written_is_looked_up_by_the_next_search(after):
    found = after(f"{LEARN} | outputlookup seen", "w=a | lookup seen name AS w OUTPUT count AS n")
    assert [row["n"] for row in found] == ["2", "2"]


def test_rows_go_on_after_outputlookup(after):
    assert after(f"{LEARN} | outputlookup seen") == [
        {"name": "a", "count": 2},
        {"name": "b", "count": 1},
    ]


def test_a_search_after_it_in_the_same_pipeline_reads_it(after):
    assert len(after(f"{LEARN} | outputlookup seen | inputlookup append=t seen")) == 4


def test_searches_that_begin_alike_see_what_was_written_between_them(after):
    begin = "* | eval n=1 | lookup seen name AS w OUTPUT count | stats count(count) AS known"
    write = f'{begin} | eval name="a", count=1 | fields name, count | outputlookup seen'
    assert after(write, begin) == [{"known": 2}]


def test_nothing_is_written_to_disk(after, app):
    before = sorted(app.rglob("*"))
    after("* | table v | outputlookup learned", "* | table v | outputlookup ports")
    assert (sorted(app.rglob("*")), "443,TCP" in (app / "lookups/ports.csv").read_text()) == (
        before,
        True,
    )


def test_the_next_run_begins_anew(after):
    after(f"{LEARN} | outputlookup seen")
    assert after("| inputlookup seen") == []


NEW_ROW = '| makeresults | eval name="new", port=1, other=2 | fields - _time'
WRITTEN = {
    "replaces-rows-and-fields": (
        '| makeresults | eval name="new", port=1, other=2 | fields - _time | outputlookup {} ports',
        "",
        [{"name": "new", "port": "1", "other": "2"}],
    ),
    "append-writes-the-fields-of-the-file-only": (
        '| makeresults | eval name="new", port=1, other=2 | fields - _time | outputlookup {} ports'
        " | where 1==2 | inputlookup append=t ports | where port=1",
        "append=t",
        [{"name": "new", "port": "1"}],
    ),
    "a-file-joins-a-multivalue-with-spaces": (
        "* | stats values(v) AS port, values(w) AS name | outputlookup {} ports",
        "",
        [{"port": "0 1 2", "name": "a b"}],
    ),
    "a-collection-keeps-a-multivalue": (
        "* | stats values(v) AS name | outputlookup {} seen",
        "",
        [{"name": ["0", "1", "2"]}],
    ),
    "a-collection-takes-its-own-fields-only": (
        "* | eval name=w, x=v | outputlookup {} seen",
        "",
        [{"name": "a"}, {"name": "a"}, {"name": "b"}],
    ),
}


@pytest.mark.parametrize(("spl", "options", "expected"), WRITTEN.values(), ids=WRITTEN)
def test_outputlookup(after, spl, options, expected):
    name = "seen" if spl.endswith("seen") else "ports"
    filtered = "| where port=1" if "append" in options else ""
    assert after(spl.format(options), f"| inputlookup {name} {filtered}") == expected


def test_a_file_that_was_not_there(after):
    assert after("* | table v | outputlookup learned", "| inputlookup learned where v=1") == [
        {"v": "1"}
    ]


def test_a_file_without_a_stanza(after):
    assert after("* | table v | outputlookup new.csv", "| inputlookup new.csv where v=1") == [
        {"v": "1"}
    ]


def test_a_file_that_is_read_before_it_is_written_is_missed(after):
    with pytest.raises(InputError, match=r"learned\.csv"):
        after("| inputlookup learned", "* | table v | outputlookup learned")


EMPTY = {
    "without-rows-a-collection-is-emptied": ("", []),
    "override-if-empty-false-keeps-it": ("override_if_empty=f", [{"name": "a"}]),
    "append-of-nothing-keeps-it": ("append=t", [{"name": "a"}]),
}


@pytest.mark.parametrize(("option", "expected"), EMPTY.values(), ids=EMPTY)
def test_outputlookup_without_rows(after, option, expected):
    first = "w=a v=0 | eval name=w | outputlookup seen"
    assert after(first, f"w=c | outputlookup {option} seen", "| inputlookup seen") == expected


def test_a_file_is_deleted_by_an_outputlookup_without_rows(after):
    with pytest.raises(SplError, match=r"Could not find the lookup table 'ports\.csv'"):
        after("w=c | outputlookup ports", "| inputlookup ports")


KEYED = {
    "key-field-updates-and-appends": ("key_field=name", [("a", "9"), ("b", "1")]),
    "append-said-as-well": ("append=t key_field=name", [("a", "9"), ("b", "1")]),
    "append-false-empties-it-first": ("append=f key_field=name", [("a", "9")]),
    "append-without-key-adds": ("append=t", [("a", "2"), ("b", "1"), ("a", "9")]),
}


@pytest.mark.parametrize(("option", "expected"), KEYED.values(), ids=KEYED)
def test_key_field(after, option, expected):
    second = f'| makeresults | eval name="a", count=9 | outputlookup {option} seen'
    found = after(f"{LEARN} | outputlookup key_field=name seen", second, "| inputlookup seen")
    assert [(row["name"], row["count"]) for row in found] == expected


def test_an_update_replaces_the_whole_record(after):
    second = '| makeresults | eval name="a" | outputlookup key_field=name seen'
    found = after(f"{LEARN} | outputlookup key_field=name seen", second, "| inputlookup seen")
    assert found[0] == {"name": "a"}


def test_records_are_read_changed_and_written_back_by_their_key(after):
    change = "| inputlookup seen | eval count=count+1 | outputlookup key_field=_key seen"
    assert after(f"{LEARN} | outputlookup seen", change, "| inputlookup seen") == [
        {"name": "a", "count": "3"},
        {"name": "b", "count": "2"},
    ]


WRONG = {
    "internal-field-in-a-file": ("* | outputlookup ports", "internal field _time"),
    "row-without-its-key": ("* | outputlookup key_field=x seen", "no x"),
    "no-number": ("* | eval count=w | outputlookup seen", "numbers only in 'count'"),
    "unnamed-key": ("* | eval _key=v | outputlookup append=t seen", "say key_field=_key"),
}


@pytest.mark.parametrize(("spl", "named"), WRONG.values(), ids=WRONG)
def test_what_cannot_be_written(after, spl, named):
    with pytest.raises(SplError, match=named):
        after(spl)


def test_a_multivalue_of_a_collection_is_not_matched(after):
    with pytest.raises(SplError, match="matching a multivalue, here in 'name'"):
        after("* | stats values(v) AS name | outputlookup seen", "* | lookup seen name AS v")


PLACES = (
    "network,Country,City,Region,lat,lon,Continent\n"
    "203.0.113.0/24,Germany,,,51,9,Europe\n"
    '203.0.113.9/32,"Korea, South",Seoul,,37.5,127,Asia\n'
    "2001:db8::/32,France,Paris,,,,Europe\n"
)
LOCATED = [
    pytest.param(
        "iplocation v",
        "203.0.113.1",
        {"Country": "Germany", "lat": "51", "lon": "9"},
        id="larger-network",
    ),
    pytest.param(
        "iplocation prefix=at_ v",
        "203.0.113.9",
        {"at_Country": "Korea, South", "at_City": "Seoul", "at_lat": "37.5", "at_lon": "127"},
        id="smaller-network-with-a-prefix",
    ),
    pytest.param(
        "iplocation allfields=true v",
        "2001:db8::1",
        {"Country": "France", "City": "Paris", "Continent": "Europe"},
        id="all-fields-of-version-6",
    ),
    pytest.param("iplocation v", "10.1.2.3", {}, id="in-no-network"),
    pytest.param("iplocation v", "files.example", {}, id="no-address"),
    pytest.param("iplocation nosuch", "203.0.113.1", {}, id="null"),
]


@pytest.fixture
def placed(rows, tmp_path):
    path = tmp_path / "places.csv"
    path.write_text(PLACES, encoding="utf-8")
    return lambda spl, **event: rows(f"* | {spl}", event, lookups={"iplocation": path})[0]


@pytest.mark.parametrize(("spl", "address", "found"), LOCATED)
def test_iplocation_gives_the_place_of_the_smallest_network(placed, spl, address, found):
    assert placed(spl, v=address) == {"v": address, **found}


def test_iplocation_knows_nothing_without_a_table(rows):
    assert rows("* | iplocation v", {"v": "203.0.113.1"}) == [{"v": "203.0.113.1"}]


@pytest.mark.parametrize(
    ("event", "problem"),
    [
        pytest.param({"v": ["203.0.113.1", "203.0.113.2"]}, "one address", id="several"),
        pytest.param({"v": "203.0.113.0/24"}, "one address", id="network"),
        pytest.param({"v": "203.0.113.1", "City": "Bonn"}, "already has 'City'", id="taken"),
    ],
)
def test_iplocation_refuses_what_is_documented_nowhere(placed, event, problem):
    with pytest.raises(SplError, match=problem):
        placed("iplocation v", **event)


def test_a_table_of_places_needs_networks(search, tmp_path):
    path = tmp_path / "places.csv"
    path.write_text("network,Country\nhere,Germany\n", encoding="utf-8")
    with pytest.raises(InputError, match="a row without a network"):
        search("* | iplocation v", {"v": "203.0.113.1"}, lookups={"iplocation": path})
