"""Draw the pictures of docs/dashboards.md: the views on the whole office of the demo.

python -m tests.dashboard.screenshots
"""

import sys
from collections.abc import Iterator
from typing import NamedTuple

from tests.dashboard.browser import Browser, missing
from tests.dashboard.cases import NIGHTLY, Case
from tests.dashboard.render import kept
from tests.dashboard.views import ROOT, views

IMAGES = ROOT / "docs/images"
LARGEST = 600 * 1024  # bytes
TOP = 1335  # pixels: the overview to the end of its pairs, with which the README begins


class Shot(NamedTuple):
    """A picture: its file, what it shows, whether there is anything to show, and how far down."""

    file: str
    case: Case
    tab: str
    theme: str = "dark"
    empty: bool = False
    height: int = 0


def shots() -> Iterator[Shot]:
    """Return the pictures: every tab of every view, and the overview in other ways."""
    for view in views():
        name = view.name.partition("_")[2].replace("_", "-")
        case = Case(view, "", NIGHTLY if name == "investigate" else {})
        for tab in view.tabs:
            part = f"-{tab.partition('_')[2]}" if len(view.tabs) > 1 else ""
            yield Shot(f"{name}{part}.png", case, tab)
        if name == "overview":
            yield Shot(f"{name}-top.png", case, view.tabs[0], height=TOP)
            yield Shot(f"{name}-light.png", case, view.tabs[0], "light")
            yield Shot(f"{name}-empty.png", case, view.tabs[0], empty=True)


def main() -> int:
    """Draw; return 1 where a picture is too large or the page was not content."""
    if missing():
        sys.exit(missing())
    every = list(shots())
    questions = [asked for shot in every for asked in shot.case.asked().values()]
    answers = {empty: kept(questions, whole=True, empty=empty) for empty in (False, True)}
    IMAGES.mkdir(exist_ok=True)
    browser = Browser()
    faulty = [shot.file for shot in every if not _drawn(browser, shot, answers[shot.empty])]
    browser.close()
    sys.stdout.writelines(f"faulty: {IMAGES / file}\n" for file in faulty)
    return 1 if faulty else 0


def _drawn(browser: Browser, shot: Shot, answers) -> bool:
    path = IMAGES / shot.file
    case = shot.case
    how = {"picture": path, "height": shot.height}
    page = browser.show(case.view, answers, shot.theme, shot.tab, case.tokens, **how)
    wrong = [page[kind] for kind in ("validation", "unanswered", "errors", "stray")]
    return not any(wrong) and path.stat().st_size <= LARGEST


if __name__ == "__main__":
    raise SystemExit(main())
