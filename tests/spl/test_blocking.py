"""Block candidates: proposed from findings, decided by people, listed for a firewall."""

import csv

import pytest

from replay import Inputs, run
from tests.spl.events import DAY, NEW_YEAR, write_json_lines
from tests.spl.findings import finding
from tests.spl.lists import NOTHING, lookups

PROPOSE, LIST = "T1029 - Block Candidates - Propose", "T1029 - Block Candidates - List"
# 2026-01-08T00:00:00Z.
NOW = NEW_YEAR + 7 * DAY
FIELDS = (
    "dest_ip", "risk_score", "rules", "reason", "proposed_at", "state", "decided_by", "expires",
)  # fmt: skip


@pytest.fixture
def candidates(tmp_path):
    """Return a function that gives the rows of a search over findings and kept candidates.

    Of what a search writes these are the rows of the list after it.
    """

    def rows(search: str, findings: list, kept: tuple = ()) -> list[dict]:
        with (tmp_path / "kept.csv").open("w", encoding="utf-8", newline="") as lines:
            table = csv.DictWriter(lines, FIELDS)
            table.writeheader()
            table.writerows(kept)
        write_json_lines(tmp_path / "events.json", findings)
        ran = run(
            searches=[search],
            spl=["| inputlookup t1029_block_candidates"],
            inputs=Inputs(json=(str(tmp_path / "events.json"),)),
            now=NOW,
            lookups={
                **lookups(NOTHING, tmp_path),
                "t1029_block_candidates": tmp_path / "kept.csv",
            },
        )
        return ran.results[search == PROPOSE].rows

    return rows


def found(risk: float, dest_ip: str = "203.0.113.9", **fields: str) -> dict:
    fields = {"severity": "critical", **fields}
    return finding("A", risk, NOW - 3600, dest_ip=dest_ip, **fields)


def kept(state: str, **fields: str) -> dict:
    return {"dest_ip": "203.0.113.9", "risk_score": 9, "rules": "B", "state": state, **fields}


def states(rows: list[dict]) -> dict:
    return {row["dest_ip"]: row["state"] for row in rows}


@pytest.mark.parametrize(
    ("findings", "known", "proposed"),
    [
        pytest.param([found(9)], (), {"203.0.113.9": "proposed"}, id="critical"),
        pytest.param([found(9, severity="high")], (), {}, id="published-score-without-evidence"),
        pytest.param([found(9, story="2026-01-01 A 9: daily")], (), {}, id="story-of-a-sender"),
        pytest.param(
            [found(9), found(9, "203.0.113.10")],
            (),
            {"203.0.113.9": "proposed", "203.0.113.10": "proposed"},
            id="two-destinations",
        ),
        pytest.param(
            [found(9)], (kept("approved"),), {"203.0.113.9": "approved"}, id="stays-approved"
        ),
        pytest.param(
            [found(9)], (kept("rejected"),), {"203.0.113.9": "rejected"}, id="stays-rejected"
        ),
        pytest.param([], (kept("proposed"),), {"203.0.113.9": "proposed"}, id="stays-proposed"),
        pytest.param(
            [found(9)],
            (kept("approved", expires="2026-01-07"),),
            {"203.0.113.9": "proposed"},
            id="proposed-anew-once-expired",
        ),
        pytest.param(
            [found(9, "203.0.113.10")],
            (kept("approved"),),
            {"203.0.113.9": "approved", "203.0.113.10": "proposed"},
            id="beside-another-candidate",
        ),
    ],
)
def test_destinations_are_proposed_until_somebody_decides(candidates, findings, known, proposed):
    assert states(candidates(PROPOSE, findings or [found(1, severity="low")], known)) == proposed


def test_who_decided_and_until_when_is_kept(candidates):
    decided = kept("approved", decided_by="ann", expires="2026-02-01")
    (row,) = candidates(PROPOSE, [found(9.5)], (decided,))
    assert (row["decided_by"], row["expires"]) == ("ann", "2026-02-01")


def test_what_a_person_proposed_keeps_what_the_person_said(candidates):
    said = {"reason": "case 12", "expires": "2026-02-01", "proposed_at": str(NOW - 2 * DAY)}
    (row,) = candidates(PROPOSE, [found(9.5)], (kept("proposed", **said),))
    assert {name: row[name] for name in said} == said
    assert row["risk_score"] == "9.5"


@pytest.mark.parametrize(
    ("candidate", "networks"),
    [
        pytest.param(kept("approved"), ["203.0.113.9/32"], id="approved"),
        pytest.param(kept("proposed"), [], id="nobody-has-decided"),
        pytest.param(kept("rejected"), [], id="rejected"),
        pytest.param(
            kept("approved", expires="2026-01-08"), ["203.0.113.9/32"], id="expires-today"
        ),
        pytest.param(kept("approved", expires="2026-01-07"), [], id="expired-yesterday"),
        pytest.param(
            kept("approved", dest_ip="2001:db8::9"), ["2001:db8::9/128"], id="ipv6-address"
        ),
    ],
)
def test_only_what_is_approved_is_listed(candidates, candidate, networks):
    rows = candidates(LIST, [found(1)], (candidate,))
    assert [row["network"] for row in rows] == networks
