"""The panels that docs/dashboards.md describes are those of the dashboards."""

from __future__ import annotations

import re

import pytest

from tests.docs.console import ROOT

PAGE = (ROOT / "docs/dashboards.md").read_text(encoding="utf-8")
VIEWS = {"Overview": "t1029_overview", "Investigate": "t1029_investigate"}


def panels(title):
    """The names in the first column of the section's table."""
    section = re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", PAGE, re.M | re.S)[1]
    cells = re.findall(r"^\| ([^|]+) \|", section, re.M)[1:]
    return [name for cell in cells if "---" not in cell for name in names(cell)]


def names(cell):
    """A cell's panel names: a comma before a capital separates two of them."""
    return re.split(r", (?=[A-Z])", cell)


@pytest.mark.parametrize(
    ("view", "panel"),
    [pytest.param(VIEWS[title], name, id=name) for title in VIEWS for name in panels(title)],
)
def test_panel_has_this_title(view, panel):
    text = (ROOT / f"default/data/ui/views/{view}.xml").read_text(encoding="utf-8")
    assert f'"title": "{panel}"' in text
