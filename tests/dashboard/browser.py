"""The browser that shows views: one process for all, fed with JSON lines."""

import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Optional

from office.simulation import ZONE
from tests.dashboard.simulated import Answers
from tests.dashboard.views import ROOT, Asked, View, saved_searches

HERE = Path(__file__).parent
BUILT = ROOT / "out/dashboard"
STAMP = HERE / "node_modules/.installed"
LOCK = HERE / "package-lock.json"
NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
WIDTH, HEIGHT = 1440, 1000
# What a report has that should be empty.
WRONG = ("validation", "unanswered", "errors", "stray", "clipped")

Report = dict[str, Any]


class Failed(Exception):
    """The browser could not do what it was asked; the message says why."""


def missing() -> str:
    """Say what the browser tests lack; nothing where they can run."""
    if not shutil.which("node"):
        return "node is not installed (Debian: nodejs)"
    if not STAMP.exists() or STAMP.read_bytes() != LOCK.read_bytes():
        return "tests/dashboard/node_modules is not up to date (make test installs it with npm)"
    return "" if chromium() else "no chromium is installed (CHROMIUM=path names one)"


def chromium() -> Optional[str]:
    """Return the path of a Chromium."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


def build() -> Path:
    """Bundle the page if its sources have changed; return its folder."""
    sources = [LOCK, HERE / "build.mjs", *sorted((HERE / "src").iterdir())]
    state = hashlib.sha256(b"\0".join(path.read_bytes() for path in sources)).hexdigest()
    folder = BUILT / state[:16]
    if not (folder / "page.css").exists():
        subprocess.run(["node", "build.mjs", str(folder)], cwd=HERE, check=True)
    return folder


class Browser:
    """A page in Chromium in which one view after the other is shown."""

    def __init__(self):
        self.process = subprocess.Popen(
            ["node", "browser.mjs", str(build()), str(chromium())],
            cwd=HERE,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.saved = {name: asked._asdict() for name, asked in saved_searches().items()}

    def close(self) -> None:
        """End the browser."""
        self.process.stdin.close()
        self.process.wait(timeout=30)
        self.process.stdout.close()

    def ask(self, request: Mapping[str, Any]) -> Any:
        """Send a request and return the answer."""
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise Failed(f"the browser has ended with {self.process.wait()}")
        answer = json.loads(line)
        if isinstance(answer, dict) and "failure" in answer:
            raise Failed(answer["failure"])
        return answer

    def show(
        self,
        view: View,
        answers: Answers,
        theme: str = "dark",
        tab: str = "",
        tokens: Mapping[str, str] = {},
        steps: Iterable[Mapping[str, Any]] = (),
        picture: Optional[Path] = None,
        columns: Mapping[str, Any] = {},
        height: int = 0,
        width: int = WIDTH,
    ) -> Report:
        """Show a view as it opens with tokens in its address, take steps, return the record.

        `columns` answer by base search what replay has not run.
        """
        address = {f"form.{name}": value for name, value in tokens.items()}
        given = {
            "definition": view.definition,
            "theme": theme,
            "zone": ZONE,
            "address": {"tab": tab, **address} if tab else address,
        }
        splunkd = {
            "results": answers.results,
            "columns": columns,
            "saved": self.saved,
            "now": answers.now,
        }
        size = {"width": width, "height": height or height_of(view, tab)}
        shot = str(picture.resolve()) if picture else None
        steps = list(steps)
        return self.ask(
            {"given": given, "splunkd": splunkd, "size": size, "steps": steps, "picture": shot}
        )


def told(page: Report) -> set[Asked]:
    """Return all that panels have asked of splunkd: a chain joined to its base search."""
    return {Asked(one["spl"], one["earliest"], one["latest"]) for one in page["fetches"]}


def newest_jobs(page: Report) -> dict[str, Asked]:
    """Return the newest job of each base search."""
    return {one["id"]: Asked(one["spl"], one["earliest"], one["latest"]) for one in page["jobs"]}


def height_of(view: View, tab: str = "") -> int:
    """Return a height in which the whole of a tab shows, the first where none is named."""
    layout = view.definition["layout"]
    shown = layout.get("layoutDefinitions", {}).get(tab or view.tabs[0], layout)
    places = [item["position"] for item in shown.get("structure", [])]
    return max([HEIGHT, *(place["y"] + place["h"] + 150 for place in places)])
