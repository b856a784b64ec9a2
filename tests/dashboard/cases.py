"""The views as they are looked at: with which tokens, in which tab and theme."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from office.network import machines
from office.scenarios import SCENARIOS
from tests.dashboard.views import Asked, View, asked, views

THEMES = ("dark", "light")
OPENING = "as-it-opens"


class Case(NamedTuple):
    """A view, and the tokens that its address brings."""

    view: View
    name: str
    tokens: dict[str, str]

    @property
    def names(self) -> tuple[str, str]:
        """What tells it from the others."""
        return self.view.name, self.name

    def asked(self) -> dict[str, Asked]:
        """Return what the view's data sources ask with these tokens."""
        return asked(self.view, {**self.view.tokens(), **self.tokens})


def _pair(name: str) -> dict[str, str]:
    scenario = next(one for one in SCENARIOS if one.name == name)
    (sender,) = (one.address for one in machines() if one.name == scenario.sender)
    return {"src": sender, "dest": scenario.host or scenario.destinations[0]}


NIGHTLY = _pair("nightly exfiltration")
CLOUD = _pair("nightly to a bucket")
# By view, what else than its defaults it is opened with.
OPENED = {
    "t1029_overview": {
        "critical": {"severity": "critical"},
        "of-one-sender": {"src": NIGHTLY["src"]},
    },
    "t1029_investigate": {
        "one-pair": NIGHTLY,
        "one-sender": {"src": NIGHTLY["src"]},
        "one-destination": {"dest": NIGHTLY["dest"]},
        "one-name": CLOUD,
        "name-alone": {"dest": CLOUD["dest"]},
    },
}


def cases() -> list[Case]:
    """Return every view as it opens, and as it is opened from elsewhere."""
    return [case for view in views() for case in _cases(view)]


def _cases(view: View) -> Iterator[Case]:
    yield Case(view, OPENING, {})
    for name, tokens in OPENED.get(view.name, {}).items():
        yield Case(view, name, tokens)


def questions() -> list[Asked]:
    """Return all that is asked in any case, each once."""
    return list(dict.fromkeys(one for case in cases() for one in case.asked().values()))


class Look(NamedTuple):
    """One picture: a case, in a tab, in a theme."""

    case: Case
    tab: str
    theme: str

    def __str__(self) -> str:
        return "-".join(filter(None, (*self.case.names, self.tab, self.theme)))

    @property
    def panels(self) -> dict[str, dict[str, Any]]:
        """The visualizations that the tab lays out, by name."""
        return self._shown("visualizations")

    @property
    def inputs(self) -> dict[str, dict[str, Any]]:
        """The inputs that are there with the tab, by name."""
        return self._shown("inputs")

    def _shown(self, kind: str) -> dict[str, dict[str, Any]]:
        layout = self.case.view.definition["layout"]
        structure = (layout["layoutDefinitions"][self.tab] if self.tab else layout)["structure"]
        names = [*layout.get("globalInputs", ()), *(one["item"] for one in structure)]
        known = self.case.view.definition.get(kind, {})
        return {name: known[name] for name in names if name in known}

    @property
    def tokens(self) -> dict[str, Any]:
        """The values of tokens once the view is there."""
        return {**self.case.view.tokens(), **self.case.tokens}


def looks() -> list[Look]:
    """Return what is looked at: every tab of every case, in both themes as a view opens."""
    return [
        Look(case, tab, theme)
        for case in cases()
        for tab in case.view.tabs
        for theme in (THEMES if case.name == OPENING else THEMES[:1])
    ]
