"""Who sends and who receives: what a finding says of its two sides."""

import pytest

from replay import run
from tests.spl.events import DAY, INSIDE, NEW_YEAR, OUTSIDE, zeek
from tests.spl.rules import DAILY
from tests.spl.searches import rows_of

NOW = NEW_YEAR + 10 * DAY
COLUMNS = ("src_name", "user", "src_priority", "dest_owner", "dest_country")
SITE, LEARNED, USERS = "t1029_site_hosts", "t1029_host_addresses", "t1029_host_users"
PLACES = "iplocation"
ES_ASSET = {
    "t1029_es_asset(1)": 'eval es_name=split("es-host,other", ","), es_user="es-owner", '
    'es_priority="critical"'
}
OWNER = {
    "t1029_dest_owner(1)": 'eval owner_found=if($address$="203.0.113.9", "Example AS", null())'
}
TABLES = {
    SITE: "address,name,user,priority\n10.1.2.3/32,desk-03,ann,high\n",
    LEARNED: f"name,address,held,last_seen\nws-7,{INSIDE},{INSIDE},{NEW_YEAR}\n",
    USERS: f"address,user,last_seen\n{INSIDE},bob,{NEW_YEAR}\n",
    PLACES: "network,Country,City\n203.0.113.0/24,Germany,Bonn\n",
}


@pytest.fixture
def written(tmp_path):
    """Return a function that writes tables of lookups and returns their paths."""

    def paths(tables):
        found = {name: tmp_path / f"{name}.csv" for name in tables}
        for name, path in found.items():
            path.write_text(tables[name], encoding="utf-8")
        return found

    return paths


@pytest.fixture
def identified(written):
    """Return a function from tables to what is known of a pair."""

    def known(tables, src=INSIDE, dest=f'"{OUTSIDE}"', **settings):
        spl = f'| makeresults | eval src="{src}", dest={dest} | `t1029_identify`'
        (row,) = run(spl=[spl], now=NOW, lookups=written(tables), **settings).results[0].rows
        return {name: row[name] for name in COLUMNS if name in row}

    return known


def test_nothing_is_known_where_nothing_tells_it(identified):
    assert identified({}) == {}


def test_the_site_s_list_goes_before_the_assets_and_these_before_what_was_learned(identified):
    learned = {name: TABLES[name] for name in (LEARNED, USERS)}
    assert identified(learned) == {"src_name": "ws-7", "user": "bob"}
    asset = {"src_name": "es-host", "user": "es-owner", "src_priority": "critical"}
    assert identified(learned, macros=ES_ASSET) == asset
    own = {"src_name": "desk-03", "user": "ann", "src_priority": "high"}
    assert identified({**learned, SITE: TABLES[SITE]}, macros=ES_ASSET) == own


def test_each_field_comes_from_the_first_that_has_it(identified):
    tables = {**TABLES, SITE: f"address,priority\n{INSIDE}/32,low\n"}
    found = identified(tables)
    assert (found["src_name"], found["user"], found["src_priority"]) == ("ws-7", "bob", "low")


@pytest.mark.parametrize(
    ("src", "name"),
    [
        pytest.param("10.1.2.3", "host", id="host-in-two-networks"),
        pytest.param("10.1.9.9", "floor", id="inner-network"),
        pytest.param("10.9.9.9", "site", id="outer-network"),
        pytest.param("192.168.0.1", None, id="in-none"),
        pytest.param("fd00::5", "six", id="version-6"),
    ],
)
def test_the_longest_prefix_names_the_sender(identified, src, name):
    rows = "10.0.0.0/8,site\n10.1.2.3/32,host\nfd00::/8,ula\n10.1.0.0/16,floor\nfd00::5/128,six\n"
    assert identified({SITE: "address,name\n" + rows}, src=src).get("src_name") == name


def test_destination_has_its_country_and_owner(identified):
    found = identified({PLACES: TABLES[PLACES]}, macros=OWNER)
    assert found == {"dest_owner": "Example AS", "dest_country": "Germany"}


@pytest.mark.parametrize(
    "dest",
    [
        pytest.param('"files.example"', id="name"),
        pytest.param('split("203.0.113.9,203.0.113.10", ",")', id="several"),
        pytest.param('"198.51.100.7"', id="in-no-network"),
    ],
)
def test_other_destinations_have_no_country(identified, dest):
    assert identified({PLACES: TABLES[PLACES]}, dest=dest) == {}


HOSTILE = [
    pytest.param('a" | delete "b', id="quotes-and-a-pipe"),
    pytest.param("<script>alert(1)</script>", id="html"),
    pytest.param("$src$ $env:user$", id="tokens"),
    pytest.param("a, b; `t1029_allowed` [search *]", id="commas-macros-and-brackets"),
    pytest.param("back\\slash\\", id="backslashes"),
]


def cell(text):
    return '"' + text.replace('"', '""') + '"'


@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_values_stay_values(identified, value):
    given = cell(value)
    tables = {
        SITE: f"address,name,user,priority\n10.1.2.3/32,{given},{given},{given}\n",
        PLACES: f"network,Country\n203.0.113.0/24,{given}\n",
    }
    found = identified(tables)
    assert found == dict.fromkeys(("src_name", "user", "src_priority", "dest_country"), value)


def test_a_long_name_is_cut(identified):
    found = identified({LEARNED: f"name,held\n{'n' * 9000},{INSIDE}\n"})
    assert found == {"src_name": "n" * 256}


def test_a_finding_says_who_sends_and_who_receives(written, tmp_path):
    events = [zeek(NEW_YEAR + day * DAY + 7200, 200_000_000) for day in range(10)]
    settings = {"given": written(TABLES), "macros": OWNER, "now": NOW}
    (row,) = rows_of(events, DAILY.search, folder=tmp_path, **settings)[0]
    assert {name: row.get(name) for name in COLUMNS} == {
        "src_name": "desk-03",
        "user": "ann",
        "src_priority": "high",
        "dest_owner": "Example AS",
        "dest_country": "Germany",
    }


@pytest.mark.parametrize(
    ("user", "person"),
    [
        pytest.param("CORP\\ann", True, id="of-a-domain"),
        pytest.param("ann@corp.example", True, id="as-an-address"),
        pytest.param("systems.admin", True, id="name-that-begins-like-system"),
        pytest.param("Nadia", True, id="name-that-begins-with-na"),
        pytest.param("NT AUTHORITY\\SYSTEM", False, id="system"),
        pytest.param("NT-AUTORITÄT\\LOKALER DIENST", False, id="system-in-german"),
        pytest.param("AUTORITE NT\\Système", False, id="system-in-french"),
        pytest.param("SYSTEM", False, id="system-alone"),
        pytest.param("local service", False, id="local-service"),
        pytest.param("CORP\\DESK-03$", False, id="machine-account"),
        pytest.param("IIS APPPOOL\\Web", False, id="application-pool"),
        pytest.param("Window Manager\\DWM-1", False, id="window-manager"),
        pytest.param("-", False, id="dash"),
        pytest.param("N/A", False, id="not-available"),
        pytest.param("Not Found", False, id="not-found"),
        pytest.param("No Authentication Required", False, id="no-authentication"),
        pytest.param(" ", False, id="blank"),
    ],
)
def test_accounts_of_machines_are_no_persons(written, user, person):
    tables = {USERS: f"address,user\n{INSIDE},{cell(user)}\n"}
    spl = f"| inputlookup {USERS} | eval person=`t1029_person(user)`"
    (row,) = run(spl=[spl], lookups=written(tables), now=NOW).results[0].rows
    assert row.get("person") == (user if person else None)
