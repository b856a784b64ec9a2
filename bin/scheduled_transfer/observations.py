"""Reading observations: tokens of `epoch[:bytes_out[:bytes_in]]`, in any order."""

from __future__ import annotations

from collections.abc import Iterable
from json import JSONDecoder
from math import isfinite
from operator import sub
from typing import NamedTuple

# The year 5138: beyond it a time stamp is in milliseconds, or wrong.
LATEST_EPOCH = 1e11
LARGEST_COUNT = 1e18
NAMED_FAULTS = 3

_decode = JSONDecoder().raw_decode


class Observations(NamedTuple):
    """What could be read of one pair.

    epochs are distinct and in order (seconds), gaps lie between them; bytes_out and bytes_in
    are the counts of the tokens that carry them, in no order, since some tokens may carry
    none; unreadable counts the tokens that could not be read and faults quotes the first few;
    resolution is the step of the clock that stamped them (seconds: 0 for fractions, else 1,
    60 or 3600).
    """

    epochs: list[float]
    gaps: list[float]
    bytes_out: list[int]
    bytes_in: list[int]
    resolution: int = 0
    unreadable: int = 0
    faults: tuple[str, ...] = ()


def parse(observations: str | Iterable[str] | None) -> Observations:
    """Read one string of tokens, or several; exact duplicates count once.

    >>> parse('1767233650:150:20 1767320050:170')
    Observations(epochs=[1767233650, 1767320050], gaps=[86400], bytes_out=[150, 170], \
bytes_in=[20], resolution=1, unreadable=0, faults=())
    >>> parse(['5', 'x', '5']).epochs, parse('5 x').faults
    ([5], ('x',))
    """
    if not observations:
        return Observations([], [], [], [])
    text = observations if isinstance(observations, str) else " ".join(map(str, observations))
    return _uniform(text) or _token_by_token(text)


def _uniform(text: str) -> Observations | None:
    """Read tokens that all have the same parts, at the speed of the JSON scanner, or give up.

    What is left of the text without its digits shows that all tokens have the same parts,
    and that no sign, name or exponent is among them.
    """
    frame = text.encode("utf-8", "replace").translate(None, b"0123456789.")
    tokens = frame.count(b" ") + 1
    parts = frame.count(b":") // tokens + 1
    if parts > 3 or frame != b" ".join([b":" * (parts - 1)] * tokens):
        return None
    try:
        values, _ = _decode("[" + text.replace(":", ",").replace(" ", ",") + "]")
    except ValueError:
        return None
    epochs = sorted(values[::parts])
    gaps = list(map(sub, epochs[1:], epochs))
    if (gaps and min(gaps) <= 0) or epochs[-1] > LATEST_EPOCH or max(values) > LARGEST_COUNT:
        return None
    outs, backs = values[1::parts], values[2::parts]
    if parts < 3:
        outs, backs = outs if parts == 2 else [], []
    return Observations(epochs, gaps, outs, backs, resolution(epochs, "." not in text))


def _token_by_token(text: str) -> Observations:
    distinct, outs, backs, faults = set(), [], [], []
    for token in dict.fromkeys(text.split()):
        try:
            epoch, out, back = _token(token)
        except ValueError:
            faults.append(token)
            continue
        distinct.add(epoch)
        if out is not None:
            outs.append(out)
        if back is not None:
            backs.append(back)
    epochs = sorted(distinct)
    gaps = list(map(sub, epochs[1:], epochs))
    step = resolution(epochs, all(isinstance(epoch, int) for epoch in epochs))
    return Observations(epochs, gaps, outs, backs, step, len(faults), tuple(faults[:NAMED_FAULTS]))


def _token(token: str) -> tuple[float, int | None, int | None]:
    parts = token.split(":")
    if len(parts) > 3:
        raise ValueError(f"too many parts: {token}")
    out, back = (*parts[1:], "", "")[:2]
    return number(parts[0], LATEST_EPOCH), _count(out), _count(back)


def _count(text: str) -> int | None:
    return int(number(text, LARGEST_COUNT)) if text else None


def number(text: str, largest: float) -> float:
    """A finite number from 0 to largest; ValueError names anything else.

    >>> number('7', 9), number('2.5', 9)
    (7, 2.5)
    """
    value = float(text)
    if not (isfinite(value) and 0 <= value <= largest):
        raise ValueError(f"out of range: {text}")
    return int(value) if value.is_integer() else value


def resolution(epochs: list[float], whole: bool) -> int:
    """The coarsest step, of an hour, a minute or a second, that all time stamps are on.

    Stamps cut to the minute look aligned to it; the step is what such a look must allow for.

    >>> resolution([7200, 10800], True), resolution([60, 180], True), resolution([61], True)
    (3600, 60, 1)
    >>> resolution([.5], False)
    0
    """
    if not whole:
        return 0
    for step in (3600, 60):
        if not any(epoch % step for epoch in epochs):
            return step
    return 1
