"""The tour: every file that it names exists, and every command prints what the page shows."""

from __future__ import annotations

import re

import pytest

from tests.docs.console import ROOT, blocks, run

TOUR = (ROOT / "docs/tour.md").read_text(encoding="utf-8")
PATHS = sorted(set(re.findall(r"`((?:[\w.-]+/)+[\w.-]*|fields\.yml)`", TOUR)))


@pytest.fixture(scope="module")
def build(tmp_path_factory):
    """Return a build folder of the page, filled by its first command."""
    folder = tmp_path_factory.mktemp("tour") / "build"
    run(blocks(TOUR)[0].command, folder)
    return folder


@pytest.mark.parametrize("path", PATHS)
def test_path_exists(path):
    assert (ROOT / path).exists()


@pytest.mark.parametrize("block", blocks(TOUR), ids=range(len(blocks(TOUR))))
def test_command_prints_what_the_page_shows(build, block):
    shown, printed = block.output.split(), run(block.command, build).split()
    assert printed == shown


def test_the_tour_reaches_a_finding():
    assert "risk_score" in blocks(TOUR)[-1].output
