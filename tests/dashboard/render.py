"""Draw views as pictures, with what replay computes from the simulated office.

    python -m tests.dashboard.render [VIEW...] [--out DIR] [--theme dark|light]... [--tab LAYOUT]
        [--token NAME=VALUE]... [--click PANEL=TEXT]... [--empty] [--office planted|whole]
        [--site full|first-day|half-blind|empty] [--width PIXELS]

VIEW is a view's name or a file; all views by default. Results are kept in out/dashboard until the
app, the office or the interpreter changes.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from office.simulation import simulate
from tests.dashboard import simulated
from tests.dashboard.browser import BUILT, WIDTH, WRONG, Browser, missing
from tests.dashboard.simulated import Answers
from tests.dashboard.views import ROOT, VIEWS, View, asked, view_of, views
from tests.spl.sites import sites

MATTERS = ("default", "lookups", "bin", "office", "replay", "tests/dashboard", "tests/spl")
SUFFIXES = (".conf", ".csv", ".lark", ".py")


def _pair(written: str) -> tuple[str, str]:
    name, _, value = written.partition("=")
    return name, value


def _chosen(names: Sequence[str]) -> list[View]:
    paths = [Path(name) if "." in name else VIEWS / f"{name}.xml" for name in names]
    return [view_of(path) for path in paths] or views()


def _state() -> bytes:
    """The bytes of everything that results depend on."""
    files = (path for place in MATTERS for path in sorted((ROOT / place).rglob("*")))
    return b"\0".join(path.read_bytes() for path in files if path.suffix in SUFFIXES)


def kept(questions: Sequence[simulated.Asked], whole: bool, empty: bool, site: str = "") -> Answers:
    """Return answers of an office or a small site, computed once for each state of the app."""
    name = hashlib.sha256(_state() + repr((sorted(set(questions)), whole, empty, site)).encode())
    path = BUILT / f"answers-{name.hexdigest()[:16]}.json"
    if path.exists():
        return Answers(**json.loads(path.read_text(encoding="utf-8")))
    if site:
        found = simulated.at_site(questions, site)
    elif empty:
        found = simulated.nothing(questions)
    else:
        found = simulated.answers(questions, simulate() if whole else None)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(found._asdict()), encoding="utf-8")
    return found


def main(argv: Sequence[str] | None = None) -> int:
    """Draw, and say what the page had to say; return 1 where it was not content."""
    parser = argparse.ArgumentParser(prog="python -m tests.dashboard.render", description=__doc__)
    parser.add_argument("views", nargs="*", metavar="VIEW")
    parser.add_argument("--out", type=Path, default=Path("out/pictures"))
    parser.add_argument("--theme", action="append", choices=["dark", "light"])
    parser.add_argument("--tab")
    parser.add_argument("--token", action="append", type=_pair, default=[])
    parser.add_argument("--click", action="append", type=_pair, default=[])
    parser.add_argument("--empty", action="store_true")
    parser.add_argument("--office", choices=["planted", "whole"], default="planted")
    parser.add_argument("--site", choices=list(sites()), default="")
    parser.add_argument("--width", type=int, default=WIDTH)
    options = parser.parse_args(argv)
    if missing():
        sys.exit(missing())
    chosen, tokens = _chosen(options.views), dict(options.token)
    questions = [
        one for view in chosen for one in asked(view, {**view.tokens(), **tokens}).values()
    ]
    answers = kept(questions, options.office == "whole", options.empty, options.site)
    options.out.mkdir(parents=True, exist_ok=True)
    content = _draw(options, chosen, tokens, answers)
    return 0 if content and not answers.refused else 1


def _draw(options, chosen: Sequence[View], tokens, answers: Answers) -> bool:
    for refusal in answers.refused.values():
        print(f"replay: {refusal}", file=sys.stderr)
    content = True
    browser = Browser()
    steps = [{"click": {"panel": panel, "text": text}} for panel, text in options.click]
    for view in chosen:
        for tab in [options.tab] if options.tab else view.tabs:
            for theme in options.theme or ["dark"]:
                about = ("empty" * options.empty, options.site, options.width)
                name = "-".join(map(str, filter(None, (view.name, tab, theme, *about))))
                picture = options.out / f"{name}.png"
                report = browser.show(
                    view, answers, theme, tab, tokens, steps, picture, width=options.width
                )
                content &= _tell(picture, report)
    browser.close()
    return content


def _tell(picture: Path, report) -> bool:
    picture.with_suffix(".json").write_text(json.dumps(report, indent=1), encoding="utf-8")
    chains = sum(bool(one["then"]) for one in report["fetches"])
    print(f"{picture}: {len(report['jobs'])} search jobs, {chains} post-process searches")
    wrong = {key: report[key] for key in WRONG}
    for key, found in wrong.items():
        for one in found:
            print(f"  {key}: {one}")
    for link in report["links"]:
        print(f"  link: {link}")
    return not any(wrong.values())


if __name__ == "__main__":
    raise SystemExit(main())
