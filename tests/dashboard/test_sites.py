"""Set-up and Data health at small sites: what a full, a new and a half-blind site shows."""

import pytest

from tests.dashboard.browser import WRONG
from tests.dashboard.cases import OPENING, Look, looks
from tests.dashboard.simulated import at_site
from tests.dashboard.test_empty import UNHELPFUL, words
from tests.spl.sites import sites

VIEWS = ("t1029_setup", "t1029_data_health")
LOOKS = [
    look
    for look in looks()
    if look.case.view.name in VIEWS and look.case.name == OPENING and look.theme == "dark"
]
(SETUP,) = (look for look in LOOKS if look.case.view.name == "t1029_setup")
NEXT = {
    "full": "Nothing is left to do.",
    "first-day": "Next: Hourly Rollup",
    "half-blind": "Next: Own networks",
    "empty": "Next: Connections",
}


@pytest.fixture(scope="module", params=sites())
def site(request):
    """A site's name, and what its searches find."""
    questions = {asked for look in LOOKS for asked in look.case.asked().values()}
    return request.param, at_site(questions, request.param)


def shown(browser, answers, look: Look):
    return browser.show(look.case.view, answers, look.theme, look.tab)


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_every_panel_says_something_helpful(browser, site, look):
    page = shown(browser, site[1], look)
    wrong = [page[kind] for kind in WRONG]
    said = {name: words(page["panels"][name]["text"], panel) for name, panel in look.panels.items()}
    silent = [name for name, lines in said.items() if not lines or lines & UNHELPFUL]
    assert (any(wrong), silent, site[1].refused) == (False, [], {})


def test_first_line_of_the_setup_is_the_next_step(browser, site):
    page = shown(browser, site[1], SETUP)
    assert NEXT[site[0]] in page["panels"]["viz_sentence"]["text"]
