"""The findings of all rules as one ranked table."""

import io

import pytest
from rich.console import Console

from replay.findings import pairs_table, ranked

A, B = "T1029 - A - Rule", "T1029 - B - Rule"
STORY = "T1029 - Several Signals for One Sender - Rule"


def row(dest, risk, **more):
    return {"src": "10.0.0.1", "dest": dest, "risk_score": risk, **more}


def shown(*findings):
    return [(pair.destination, pair.risk, pair.rules) for pair in ranked(findings)]


def test_rules_are_folded_into_one_row_of_a_pair_by_their_risk():
    found = shown((A, row("192.0.2.1", "7.5")), (B, row("192.0.2.1", 9)), (A, row("192.0.2.2", 8)))
    assert found == [("192.0.2.1", 9.0, (B, A)), ("192.0.2.2", 8.0, (A,))]


def test_a_rule_with_two_rows_of_a_pair_counts_once():
    assert shown(*2 * [(A, row("192.0.2.1", 8))]) == [("192.0.2.1", 8.0, (A,))]


def test_the_story_of_a_sender_is_no_row_and_no_risk_of_its_known_pairs():
    dests = ["192.0.2.1", "192.0.2.2"]
    singles = [(A, row(dest, 7)) for dest in dests]
    story = (STORY, row(dests, 9.5, story="2026-01-01 A 7"))
    assert shown(story, *singles) == [(dest, 7.0, (A, STORY)) for dest in dests]


def test_a_finding_about_changing_destinations_is_one_row():
    dests = [f"192.0.2.{host}" for host in range(1, 6)]
    found = shown((A, row(dests[0], 7)), (B, row(dests, 8)))
    assert found == [("192.0.2.1 and 4 more", 8.0, (B,)), ("192.0.2.1", 7.0, (A,))]


def test_a_pair_shows_the_schedule_of_the_highest_risk_that_has_one():
    (pair,) = ranked(
        [
            (A, row("192.0.2.1", 7, schedule="daily 02:14 ±2 min", total_bytes="5")),
            (B, row("192.0.2.1", 9, severity="critical")),
        ]
    )
    assert (pair.schedule, pair.sent, pair.severity) == ("daily 02:14 ±2 min", 5.0, "critical")


def test_a_destination_is_shown_by_its_name():
    assert shown((A, row("192.0.2.1", 7, dest_name="a.example")))[0][0] == "a.example"


def test_a_finding_without_a_destination_is_a_row_of_its_sender():
    (pair,) = ranked([(A, {"src": "10.0.0.1", "risk_score": "8"})])
    assert (pair.sender, pair.destination) == ("10.0.0.1", "")


LEVELS = {"severity": ({"severity": "high"}, " 8.5 high "), "risk-alone": ({}, " 8.5 ")}


@pytest.mark.parametrize(("more", "told"), LEVELS.values(), ids=LEVELS)
def test_severity_stands_beside_the_risk(more, told):
    console = Console(file=io.StringIO(), width=100)
    console.print(pairs_table([((), pair) for pair in ranked([(A, row("d", 8.5, **more))])], ()))
    assert console.file.getvalue().splitlines()[2].startswith(told)
