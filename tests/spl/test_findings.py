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
