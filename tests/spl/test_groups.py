"""One transfer to changing destinations is one finding, by the group that explains most of it."""

from replay import run
from tests.spl.events import DAY, MB, NEW_YEAR, Event, night, zeek
from tests.spl.named_events import tls
from tests.spl.rules import DAILY, ROTATION
from tests.spl.searches import written

NIGHTS = 14


def nightly(name: str, second: float, port: int, network: int) -> list[Event]:
    """Return 30 pieces of 10 MB on each night, to other addresses of one network each night."""
    return [
        event
        for day in range(NIGHTS)
        for piece in range(30)
        for where in [
            {
                "id.resp_h": f"198.{network}.{day}.{piece}",
                "id.resp_p": port,
                "id.orig_p": 49152 + piece,
            }
        ]
        for event in (
            zeek(night(day, second + piece), 10 * MB, **where),
            tls(night(day, second + piece + 0.1), name, **where),
        )
    ]


def findings(events: list[Event], folder, rule=ROTATION) -> list[dict[str, object]]:
    outcome = run(
        searches=[rule.search],
        inputs=written(events, folder),
        now=NEW_YEAR + NIGHTS * DAY + 8 * 3600,
    )
    return outcome.results[0].rows


def test_a_theft_in_pieces_is_one_finding_with_all_its_bytes(tmp_path):
    (row,) = findings(nightly("drop.store.example", 850, 443, 51), tmp_path)
    assert row["schedule_of"] == "name drop.store.example"
    assert row["dest_domain"] == "store.example"
    assert (row["destinations"], row["total_bytes"]) == (NIGHTS * 30, NIGHTS * 30 * 10 * MB)
    assert row["risk_score"] >= 9


def test_names_that_change_are_one_finding_under_their_domain(tmp_path):
    events = [
        {**event, "server_name": f"n{number % 7}.store.example"}
        if "server_name" in event
        else event
        for number, event in enumerate(nightly("", 850, 443, 51))
    ]
    (row,) = findings(events, tmp_path)
    assert row["schedule_of"] == "domain store.example"


def test_transfers_of_the_same_hours_to_other_destinations_stay_apart(tmp_path):
    one = nightly("drop.store.example", 850, 443, 51)
    other = nightly("copy.other.example", 1800, 8443, 60)
    rows = findings(one + other, tmp_path)
    assert {row["schedule_of"] for row in rows} == {
        "name drop.store.example",
        "name copy.other.example",
    }


def test_addresses_of_one_name_are_one_finding_though_they_have_other_names_too(tmp_path):
    events = [
        event
        for day in range(NIGHTS)
        for piece in range(5)
        for where in [{"id.resp_h": f"198.51.100.{piece}", "id.orig_p": 49152 + piece}]
        for other in [{**where, "id.orig_p": 50000 + piece}]
        for event in (
            zeek(night(day, 850 + piece), 20 * MB, **where),
            tls(night(day, 850.1 + piece), "drop.store.example", **where),
            zeek(night(day, 900 + piece), 10, **other),
            tls(night(day, 900.1 + piece), "www.store.example", **other),
        )
    ]
    (row,) = findings(events, tmp_path, DAILY)
    assert set(row["dest_name"]) == {"drop.store.example", "www.store.example"}
