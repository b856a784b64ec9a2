"""What a rule's row is stored as."""

import pytest

from replay import Inputs, run

MOST = 6_000


def finding(observations):
    """The row that a pair with these observations becomes."""
    times = "earliest=1767233650, latest=1767320050"
    spl = f'| makeresults | eval {times}, observations="{observations}" | `t1029_as_finding`'
    (result,) = run(spl=[spl]).results
    (row,) = result.rows
    return row


@pytest.mark.parametrize(
    ("observations", "stored"),
    [
        pytest.param("1767233650:9 1767320050", "1767233650:9 1767320050", id="short"),
        pytest.param("1" * MOST, "1" * MOST, id="as-long-as-may-be"),
        pytest.param(
            "1767233650 " * 600 + "1767320050",
            "601 observations, too many to store: Investigate reads them from the events",
            id="too-long-to-read-back",
        ),
    ],
)
def test_observations_are_stored_where_they_can_be_read_back(observations, stored):
    assert finding(observations)["observations"] == stored


def test_times_are_readable_and_the_latest_is_that_of_the_finding():
    row = finding("1767233650")
    assert (row["_time"], row["earliest"]) == (1767320050.0, "2026-01-01T02:14:10+0000")


def test_a_finding_with_many_values_can_be_read_back():
    """A pair that was scanned has thousands of ports; the first are named, and how many more."""
    written = (
        "| makeresults | eval earliest=0, latest=0, dest_port=mvrange(1, 5000), "
        'dest=mvmap(dest_port, "203.0." . floor(dest_port / 250) . "." . (dest_port % 250)), '
        'process="one" | `t1029_as_finding`'
    )
    (row,) = run(spl=[written]).results[0].rows
    assert (len(row["dest_port"]), row["dest_port"][-1]) == (21, "and 4979 more")
    assert (len(row["dest"]), len(row["dest_ip"]), row["process"]) == (100, 100, "one")


DAY = 86_400


def banded(**fields):
    """The severity of a finding, and what holds it down."""
    made = ", ".join(f"{name}={text}" for name, text in fields.items())
    spl = f"| makeresults | eval {made} | `t1029_as_finding` | table severity, severity_reason"
    (row,) = run(spl=[spl], now=100 * DAY).results[0].rows
    return row["severity"], row.get("severity_reason")


LONG_STANDING = "the destination has been known for 60 days"


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        pytest.param({"first_seen": 40 * DAY + 1}, ("high", None), id="new"),
        pytest.param(
            {"first_seen": 40 * DAY}, ("medium", f"Below high: {LONG_STANDING}"), id="of-old"
        ),
        pytest.param(
            {"senders": 1},
            ("medium", "Below high: the age of the destination is unknown"),
            id="of-unknown-age",
        ),
        pytest.param(
            {},
            ("medium", "Below high: age and senders of the destination are unknown"),
            id="unknown",
        ),
        pytest.param(
            {"first_seen": 40 * DAY, "total_bytes": 100_000_000},
            ("high", f"Below critical: {LONG_STANDING}"),
            id="much-to-a-destination-of-old",
        ),
        pytest.param(
            {"first_seen": 40 * DAY, "listed": '"x"'}, ("critical", None), id="listed-of-old"
        ),
    ],
)
def test_a_destination_that_is_not_known_to_be_new_holds_severity_down(fields, told):
    risk = 9 if "total_bytes" in fields or "listed" in fields else 8.5
    assert banded(period=3600, risk_score=risk, earliest=0, latest=0, **fields) == told


@pytest.mark.parametrize("age", range(0, 100, 10))
@pytest.mark.parametrize("sent", [1, 100_000_000])
def test_what_becomes_known_of_an_age_makes_old_no_worse_than_unknown(age, sent):
    row = {"period": 3600, "risk_score": 9.5, "earliest": 0, "latest": 0, "total_bytes": sent}
    order = ["low", "medium", "high", "critical"]
    unknown, known = banded(**row)[0], banded(first_seen=(100 - age) * DAY, **row)[0]
    assert (order.index(known) > order.index(unknown)) is (age < 60)


DOUBT = "several names at this address: "
TOLD = ["a.example?b.example", "b.example?c.example"]


@pytest.mark.parametrize(
    ("told", "reasons"),
    [
        pytest.param(
            {"doubtful_name": TOLD},
            ["daily", f"{DOUBT}a.example, b.example, c.example"],
            id="several-names",
        ),
        pytest.param({"doubtful_name": TOLD, "dest_name": "d.example"}, "daily", id="named"),
        pytest.param({}, "daily", id="no-name"),
    ],
)
def test_a_finding_says_where_several_names_were_told(told, reasons):
    pair = {"_time": 9.0, "index": "main", "latest": 9, "reasons": "daily", **told}
    (result,) = run(spl=["* | `t1029_as_finding`"], inputs=Inputs(events=(pair,))).results
    assert result.rows[0]["reasons"] == reasons
