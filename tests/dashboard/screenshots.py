"""Draw the pictures of docs/dashboards.md: the views on the whole office of the demo.

python -m tests.dashboard.screenshots [VIEW...]    # all, or those of views such as data-health
"""

import sys
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tests.dashboard.browser import WRONG, Browser, missing
from tests.dashboard.cases import NIGHTLY, Case
from tests.dashboard.render import kept
from tests.dashboard.views import ROOT, View, views

IMAGES = ROOT / "docs/images"
LARGEST = 600 * 1024  # bytes
TOP = 1140  # pixels: the overview to the end of its pairs, with which the README begins


class Shot(NamedTuple):
    """A picture: its file, what it shows, of an empty or another site, and how far down."""

    file: str
    case: Case
    tab: str
    theme: str = "dark"
    empty: bool = False
    height: int = 0
    site: str = ""

    @property
    def place(self) -> tuple[bool, str]:
        """Where it is taken."""
        return self.empty, self.site


def shots() -> Iterator[Shot]:
    """Return the pictures: every tab of every view, and the overview in other ways."""
    for view in views():
        name = _short(view)
        case = Case(view, "", NIGHTLY if name == "investigate" else {})
        if name == "setup":
            yield Shot("setup.png", case, view.tabs[0], site="half-blind")
            yield Shot("setup-first-day.png", case, view.tabs[0], "light", site="first-day")
            continue
        for tab in view.tabs:
            part = f"-{tab.partition('_')[2]}" if len(view.tabs) > 1 else ""
            yield Shot(f"{name}{part}.png", case, tab)
            if name == "data-health" and part != "-searches":
                yield Shot(f"{name}{part}-half-blind.png", case, tab, site="half-blind")
        if name == "overview":
            yield Shot(f"{name}-top.png", case, view.tabs[0], height=TOP)
            yield Shot(f"{name}-light.png", case, view.tabs[0], "light")
            yield Shot(f"{name}-empty.png", case, view.tabs[0], empty=True)


def _short(view: View) -> str:
    return view.name.partition("_")[2].replace("_", "-")


def main(names: Sequence[str] = ()) -> int:
    """Draw; return 1 where a picture is too large or the page was not content."""
    if missing():
        sys.exit(missing())
    every = [shot for shot in shots() if not names or _short(shot.case.view) in names]
    answers = {}
    for empty, site in {shot.place for shot in every}:
        taken = [shot.case for shot in every if shot.place == (empty, site)]
        questions = [asked for case in taken for asked in case.asked().values()]
        answers[empty, site] = kept(questions, whole=True, empty=empty, site=site)
    IMAGES.mkdir(exist_ok=True)
    browser = Browser()
    faulty = [shot.file for shot in every if not _drawn(browser, shot, answers[shot.place])]
    browser.close()
    sys.stdout.writelines(f"faulty: {IMAGES / file}\n" for file in faulty)
    return 1 if faulty else 0


def _drawn(browser: Browser, shot: Shot, answers) -> bool:
    path = IMAGES / shot.file
    case = shot.case
    how = {"picture": path, "height": shot.height}
    page = browser.show(case.view, answers, shot.theme, shot.tab, case.tokens, **how)
    wrong = [page[kind] for kind in WRONG]
    return not any(wrong) and path.stat().st_size <= LARGEST


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
