"""Each view in the browser, with what the office has: complete, silent, legible."""

from typing import Any, NamedTuple

import pytest

from tests.dashboard.browser import WIDTH, WRONG, told
from tests.dashboard.cases import Look, looks
from tests.dashboard.lint.searches import names
from tests.dashboard.views import TOKEN, substituted

# Search jobs that Splunk's data sources start for a tab as it opens.
JOBS = {
    "t1029_data_health": {"layout_sources": 2, "layout_rules": 1, "layout_searches": 2},
    "t1029_investigate": {"layout_1": 6},
    "t1029_lists": {
        "layout_allowed": 2,
        "layout_kinds": 2,
        "layout_suspicious": 2,
        "layout_candidates": 2,
        "layout_devices": 5,
    },
    "t1029_overview": {"layout_1": 1},
    "t1029_setup": {"layout_1": 1},
}
SCORING = {"t1029_investigate": 1}

pytestmark = pytest.mark.parametrize("seen", looks(), indirect=True, scope="module", ids=str)


class Seen(NamedTuple):
    """What was looked at, and what the page told."""

    look: Look
    page: dict[str, Any]

    def shows(self, panel: str, text: str) -> bool:
        """Tell whether a panel shows a text; how lines are broken does not matter."""
        return "".join(text.split()) in "".join(self.page["panels"][panel]["text"].split())


@pytest.fixture(scope="module")
def seen(request, browser, answers):
    case, tab, theme = request.param
    return Seen(request.param, browser.show(case.view, answers, theme, tab, case.tokens))


@pytest.mark.parametrize("kind", WRONG)
def test_nothing_is_wrong(seen, kind):
    """No fault that Splunk's validator finds, no search but those that replay has run as they are
    dispatched, no error in the page, no request to anybody else, no word cut off."""
    assert seen.page[kind] == []


def test_every_panel_is_there(seen):
    assert set(seen.look.panels) - set(seen.page["panels"]) == set()


def test_every_search_of_the_tab_is_asked(seen):
    sources = [panel.get("dataSources", {}) for panel in seen.look.panels.values()]
    expected = seen.look.case.asked()
    assert {expected[one] for each in sources for one in each.values()} - told(seen.page) == set()


def test_jobs_and_scoring_of_a_tab(seen):
    """A chain is a post-process search, which splunkd runs for every panel that asks for it."""
    name, tab = seen.look.case.view.name, seen.look.tab
    jobs = [one["spl"] for one in seen.page["jobs"]]
    chains = [one["then"] for one in seen.page["fetches"] if one["then"]]
    scored = runs("schedulescore", [*jobs, *chains])
    assert (len(jobs), scored) == (JOBS[name][tab], SCORING.get(name, 0))
    assert runs("addinfo", chains) == 0


def runs(command, texts):
    """How often a command stands in pieces of SPL with their macros expanded."""
    return sum(names(f"| {text}").count(command) for text in texts)


def test_no_panel_has_no_value(seen):
    panels = seen.page["panels"].items()
    assert [name for name, panel in panels if "N/A" in panel["text"].split("\n")] == []


def test_every_title_is_visible(seen):
    titles = {
        name: substituted(panel.get("title", ""), seen.look.tokens)
        for name, panel in seen.look.panels.items()
    }
    assert [name for name, title in titles.items() if not seen.shows(name, title or "")] == []


def test_no_token_is_left_in_the_page(seen):
    assert [found.group(0) for found in TOKEN.finditer(seen.page["text"])] == []


def test_first_row_of_every_table_is_visible(seen, answers):
    missing = [
        (name, cell)
        for name, panel in seen.look.panels.items()
        if panel["type"] == "splunk.table"
        for cell in first_row(seen.look.case, panel, answers)
        if not seen.shows(name, cell)
    ]
    assert missing == []


def first_row(case, panel, answers):
    """The texts of a table's first row, but for columns that are hidden or shown in other words."""
    result = answers.results[case.asked()[panel["dataSources"]["primary"]].key]
    forms = panel.get("options", {}).get("columnFormat", {})
    for field, column in zip(result["fields"], result["columns"]):
        name = field["name"]
        if column and column[0] and "data" not in forms.get(name, {}) and not name.startswith("_"):
            yield from column[0] if isinstance(column[0], list) else [column[0]]


def test_the_page_is_as_wide_as_it_is_meant_to_be(seen):
    assert seen.page["width"] <= WIDTH
