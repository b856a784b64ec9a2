"""Each view where there is not a single event: it says what to do."""

import pytest

from tests.dashboard.browser import WRONG
from tests.dashboard.cases import looks

LOOKS = [look for look in looks() if look.theme == "dark"]
# Splunk's own words, which help nobody.
UNHELPFUL = {"No search results returned", "N/A", "No data!", "null", "undefined", "NaN"}

pytestmark = pytest.mark.parametrize("seen", LOOKS, indirect=True, scope="module", ids=str)


@pytest.fixture(scope="module")
def seen(request, browser, nothing):
    case, tab, theme = request.param
    return request.param, browser.show(case.view, nothing, theme, tab, case.tokens)


@pytest.mark.parametrize("kind", WRONG)
def test_nothing_is_wrong(seen, kind):
    assert seen[1][kind] == []


def test_every_panel_says_something_helpful(seen):
    look, page = seen
    said = {name: words(page["panels"][name]["text"], panel) for name, panel in look.panels.items()}
    silent = [name for name, lines in said.items() if not lines or lines & UNHELPFUL]
    assert silent == []


def words(text, panel):
    """The lines of a panel but for its title."""
    return {line.strip() for line in text.split("\n")} - {"", panel.get("title")}
