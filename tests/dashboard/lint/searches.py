"""SPL: whole, quoted where a token enters, changing nothing, written once."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import combinations
from typing import Any, NamedTuple, Optional

from replay import Inputs, SplError, run
from replay.conf import read_conf
from replay.macros import expand
from replay.parse import commands
from tests.dashboard.lint.problems import Problem, handlers
from tests.dashboard.views import ROOT, SIDES, TOKEN, Asked, View, asked

# Commands that change something in Splunk or outside, or that run what rows tell them to.
ACTING = {
    "collect", "delete", "dump", "map", "mcollect", "meventcollect", "outputcsv", "outputlookup",
    "runshellscript", "script", "sendalert", "sendemail", "tscollect",
}  # fmt: skip
# What a chain must not do: it runs again for each panel, and has no time range of its own.
OF_BASES = ("addinfo", "schedulescore")
# Splunk's documentation of Dashboard Studio ("Chain searches together with a base search")
# allows a chain on a chain, but none on that.
CHAINS = 2
QUOTED = re.compile(r'"(?:\\.|[^"\\])*"', re.DOTALL)
CALLED = re.compile(r"`[^`]*`")
REPEATED = 3  # commands in a row
WORD = '"word"'  # in the place of a quoted token


class Spl(NamedTuple):
    """A piece of SPL with its tokens, where it stands, and whether it runs with the view."""

    place: str
    text: str
    runs: bool


def pieces(view: View) -> Iterator[Spl]:
    """Return the SPL of a view: of its data sources, and of what clicks open."""
    for name, source in view.sources.items():
        if source["type"] in ("ds.search", "ds.chain"):
            query = source["options"].get("query", "")
            yield Spl(f"dataSources.{name}.options.query", query, True)
    for place, handler, _ in handlers(view):
        if handler["type"] == "drilldown.linkToSearch":
            query = handler.get("options", {}).get("query", "")
            yield Spl(f"{place}.options.query", query, False)


def harmless(text: str) -> str:
    """Put a plain word in the place of each token, in quotes where its filter gives it some.

    >>> harmless("where src=$src|s$")
    'where src="word"'
    """

    def word(found: re.Match) -> str:
        if found.group(0) == "$$":
            return "$"
        return WORD if found.group(3) else "word"

    return TOKEN.sub(word, text)


def _whole(text: str) -> str:
    return expand(harmless(text), read_conf(ROOT, "macros"))


def _readable(view: View) -> Iterator[Problem]:
    for place, text, _ in pieces(view):
        try:
            commands(_whole(text))
        except SplError as error:
            yield Problem(place, str(error))


def _quoted_tokens(view: View) -> Iterator[Problem]:
    for place, text, _ in pieces(view):
        quotes, calls = _spans(QUOTED, text), _spans(CALLED, text)
        for found in TOKEN.finditer(text):
            token, where = found.group(0), found.start()
            if token == "$$":
                continue
            if found.group(3) != "|s":
                yield Problem(place, f"{token} is not quoted by |s")
            if found.group(2).rpartition(".")[2] in SIDES:
                yield Problem(place, f"{token} is a time, which belongs to queryParameters")
            if _within(where, quotes):
                yield Problem(place, f"{token} stands inside quotes, and brings its own")
            if _within(where, calls):
                yield Problem(place, f"{token} goes to a macro, which takes its quotes off")


def _spans(pattern: re.Pattern, text: str) -> list[tuple[int, int]]:
    return [one.span() for one in pattern.finditer(text)]


def _within(where: int, spans: Iterable[tuple[int, int]]) -> bool:
    return any(start < where < end for start, end in spans)


def _acting(view: View) -> Iterator[Problem]:
    for place, text, runs in pieces(view):
        for name in names(text) if runs else ():
            if name in ACTING:
                yield Problem(place, f"{name} would run whenever the view is opened")


def _bases(view: View) -> Iterator[Problem]:
    """A chain of chains is one piece of SPL that Splunk runs on the results of its base search."""
    chains = {name: one for name, one in view.sources.items() if one["type"] == "ds.chain"}
    scoring = []
    for name, source in view.sources.items():
        place, text = f"dataSources.{name}.options.query", source["options"].get("query", "")
        found = names(text)
        for command in OF_BASES if name in chains else ():
            if command in found:
                yield Problem(place, f"{command} belongs to a base search, not to a chain")
        if _depth(name, chains) > CHAINS:
            yield Problem(place, f"it is chain {_depth(name, chains)} on its base search")
        scoring += [place] * found.count("schedulescore") if name not in chains else []
    for place in scoring[1:]:
        yield Problem(place, f"it scores again, after {scoring[0]}")


def _depth(name: str, chains: Mapping[str, dict[str, Any]]) -> int:
    if name not in chains:
        return 0
    return 1 + _depth(chains[name]["options"].get("extend", ""), chains)


def names(text: str) -> list[str]:
    """Return the names of all commands of a piece of SPL, its macros expanded."""
    try:
        bare = QUOTED.sub('""', "| " + _whole(text))
    except SplError:
        return []
    return re.findall(r"[|\[]\s*([a-z]\w*)", bare)


def written_twice(views: Iterable[View]) -> list[Problem]:
    """Return where the same commands stand in a row twice: they belong into a macro.

    Commands that hold a quoted token do not: a macro would take its quotes away.
    """
    places: dict[tuple[str, ...], list[str]] = {}
    for view in views:
        for place, text, _ in pieces(view):
            for row in dict.fromkeys(_rows(text)):
                places.setdefault(row, []).append(f"{view.name}.{place}")
    return [
        Problem(second, f"the same SPL as in {first}: {' | '.join(row)}")
        for row, found in places.items()
        for first, second in combinations(found, 2)
    ]


def _rows(text: str) -> Iterator[tuple[str, ...]]:
    """Yield the commands in a row, macros as they are called."""
    try:
        calls = commands(CALLED.sub(lambda call: f"called {call.group(0)[1:-1]}", harmless(text)))
    except SplError:
        return
    lines = [" ".join(f"{call.name} {call.arguments}".split()) for call in calls]
    for start in range(len(lines) - REPEATED + 1):
        row = tuple(lines[start : start + REPEATED])
        if not all(line.startswith(("called ", "search called ")) or WORD in line for line in row):
            yield row


def columns(view: View, source: Optional[str]) -> Optional[frozenset[str]]:
    """Return the fields that a data source returns, None where its SPL does not fix them."""
    tokens = dict.fromkeys(view.settable(), "*")
    try:
        question = asked(view, {**tokens, **view.tokens()}).get(source or "")
    except KeyError:
        return None
    return _columns(question) if question else None


@cache
def _columns(question: Asked) -> Optional[frozenset[str]]:
    try:
        (result,) = run(spl=[question], inputs=Inputs(), now=0.0).results
    except SplError:
        return None
    return frozenset(result.columns) or None


CHECKS = (_readable, _quoted_tokens, _acting, _bases)
