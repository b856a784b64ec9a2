"""The page: everything has one place on it, within its width."""

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any

from tests.dashboard.lint.problems import Problem
from tests.dashboard.views import View

WIDTH = 1440  # px


def _layouts(view: View) -> dict[str, dict[str, Any]]:
    layout = view.definition["layout"]
    return layout.get("layoutDefinitions") or {"": layout}


def _place(name: str) -> str:
    return f"layout.layoutDefinitions.{name}" if name else "layout"


def _tabs(view: View) -> Iterator[Problem]:
    layouts = _layouts(view)
    for name in view.tabs:
        if name not in layouts:
            yield Problem("layout.tabs", f"there is no layout {name}")
    for name in layouts:
        if name not in view.tabs:
            yield Problem(_place(name), "no tab shows it")


def _placed(view: View) -> Iterator[Problem]:
    shown = {**view.definition.get("visualizations", {}), **view.definition.get("inputs", {})}
    placed = list(view.definition["layout"].get("globalInputs", ()))
    for layout in _layouts(view).values():
        placed += [one["item"] for one in layout.get("structure", ())]
    for name in placed:
        if name not in shown:
            yield Problem("layout", f"there is no item {name}")
    for name in shown:
        if name not in placed:
            yield Problem("layout", f"{name} has no place")


def _fitting(view: View) -> Iterator[Problem]:
    for name, layout in _layouts(view).items():
        width = layout.get("options", {}).get("width", WIDTH)
        if width > WIDTH:
            yield Problem(_place(name), f"it is {width} px wide, more than {WIDTH}")
        structure = layout.get("structure", ())
        for one in structure:
            if not _is_within(one["position"], min(width, WIDTH)):
                yield Problem(_place(name), f"{one['item']} reaches beyond the page")
        for one, other in combinations(structure, 2):
            if _overlap(one["position"], other["position"]):
                yield Problem(_place(name), f"{one['item']} and {other['item']} overlap")


def _is_within(at: Mapping[str, int], width: int) -> bool:
    return at["x"] >= 0 and at["y"] >= 0 and at["x"] + at["w"] <= width


def _overlap(one: Mapping[str, int], other: Mapping[str, int]) -> bool:
    return all(
        one[start] < other[start] + other[size] and other[start] < one[start] + one[size]
        for start, size in (("x", "w"), ("y", "h"))
    )


CHECKS = (_tabs, _placed, _fitting)
