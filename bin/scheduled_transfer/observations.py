"""Reading observations: tokens of `epoch[:bytes_out[:bytes_in]]`, in any order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from math import isfinite
from operator import sub
from typing import NamedTuple

from .weights import LARGE_DIGITS

# The year 5138: beyond it a time stamp is in milliseconds, or wrong.
LATEST_EPOCH = 1e11
# Counts from here on are taken for this (an exabyte): what is absurd must not turn to nothing.
LARGEST_COUNT = 10**18
NAMED_FAULTS = 3

_DIGITS = b"0123456789."
_FRAMES = frozenset((b"", b":", b"::"))
# Counts of a megabyte or so, which are no transfer without a schedule.
_COUNTS = f"(?::[0-9]{{0,{LARGE_DIGITS - 1}}}){{0,2}}"
_same_hundred_seconds = re.compile(
    f"([0-9]{{8}})[0-9]{{2}}{_COUNTS}(?: \\1[0-9]{{2}}{_COUNTS})*"
).fullmatch
_fraction_of_a_byte = re.compile(r":[^ ]*\.").search


class Observations(NamedTuple):
    """What could be read of one pair.

    epochs are distinct and in order (seconds), gaps lie between them; sent and received are
    the counts of bytes as they were written, of the tokens that carry them, in no order;
    resolution is the step of the clock that stamped them (seconds: 0 for fractions, else 1,
    60 or 3600); unreadable counts the tokens that could not be read and faults quotes some.
    """

    epochs: Sequence[float]
    gaps: Sequence[float]
    sent: Sequence[str]
    received: Sequence[str]
    resolution: int = 0
    unreadable: int = 0
    faults: tuple[str, ...] = ()


NONE = Observations((), (), (), ())


def parse(observations: str | Iterable[str] | None) -> Observations:
    """Read one string of tokens, or several; exact duplicates count once.

    >>> parse('1767233650:150:20 1767320050:170')
    Observations(epochs=[1767233650, 1767320050], gaps=[86400], sent=['150', '170'], \
received=['20'], resolution=1, unreadable=0, faults=())
    >>> parse(['5', 'x', '5']).epochs, parse('5 x').faults
    ([5], ('x',))
    """
    if not observations:
        return NONE
    text = observations if isinstance(observations, str) else " ".join(map(str, observations))
    return _plain(text) or _token_by_token(text)


def over_at_once(observations: str | Iterable[str] | None) -> bool:
    """Whether a glance shows well-formed small contacts within a hundred seconds of the clock.

    It misses some, which are then read like any other, and takes none for what it is not.

    >>> over_at_once('1767233650:150:20 1767233690'), over_at_once('1767233650 1767233750')
    (True, False)
    """
    return isinstance(observations, str) and _same_hundred_seconds(observations) is not None


def _plain(text: str) -> Observations | None:
    """Read well-formed tokens with few steps, or give up.

    What is left of the text without its digits shows how many parts the tokens have, and
    that no sign, name or exponent is among them.
    """
    frame = text.encode("utf-8", "replace").translate(None, _DIGITS)
    fractions = "." in text
    try:
        epochs, sent, received = _columns(text, frame, float if fractions else int)
    except ValueError:
        return None
    epochs.sort()
    gaps = list(map(sub, epochs[1:], epochs))
    if epochs[-1] > LATEST_EPOCH or (gaps and min(gaps) <= 0):
        return None
    if fractions and _fraction_of_a_byte(text):
        return None
    return Observations(epochs, gaps, sent, received, 0 if fractions else resolution(epochs))


def _columns(text: str, frame: bytes, number_of: type) -> tuple[list, list[str], list[str]]:
    """Epochs, and bytes each way as written; ValueError where a token is not well formed."""
    tokens = frame.count(b" ") + 1
    colons = frame.count(b":") // tokens
    if colons <= 2 and frame == b" ".join((b":" * colons,) * tokens):
        parts = text.replace(":", " ").split()
        if len(parts) == tokens * (colons + 1):
            step = colons + 1
            sent, received = parts[1::step] if colons else [], parts[2::step] if colons > 1 else []
            return list(map(number_of, parts[::step])), sent, received
    if not _FRAMES.issuperset(frame.split(b" ")):
        raise ValueError("a token of another form")
    rows = [token.split(":") for token in text.split(" ")]
    sent = [row[1] for row in rows if len(row) > 1 and row[1]]
    received = [row[2] for row in rows if len(row) > 2 and row[2]]
    return [number_of(row[0]) for row in rows], sent, received


def _token_by_token(text: str) -> Observations:
    distinct, sent, received, faults = set(), [], [], []
    for token in dict.fromkeys(text.split()):
        try:
            epoch, counts = _token(token)
        except ValueError:
            faults.append(token)
            continue
        distinct.add(epoch)
        sent += counts[:1]
        received += counts[1:]
    epochs = sorted(distinct)
    gaps = list(map(sub, epochs[1:], epochs))
    whole = all(isinstance(epoch, int) for epoch in epochs)
    named = tuple(faults[:NAMED_FAULTS])
    return Observations(
        epochs,
        gaps,
        list(filter(None, sent)),
        list(filter(None, received)),
        resolution(epochs) if whole and epochs else 0,
        len(faults),
        named,
    )


def _token(token: str) -> tuple[float, list[str]]:
    epoch, *counts = token.split(":")
    if len(counts) > 2:
        raise ValueError(f"too many parts: {token}")
    written = [str(int(number(count))) if count else "" for count in counts]
    return number(epoch, LATEST_EPOCH), written


def counts(written: Sequence[str]) -> Sequence[int]:
    """Counts as numbers.

    >>> list(counts(['150', '170']))
    [150, 170]
    """
    try:
        return list(map(int, written))
    except ValueError:
        # Python refuses to read thousands of digits.
        return [LARGEST_COUNT]


def number(text: str, largest: float | None = None) -> float:
    """A finite number from 0 to largest; ValueError names anything else.

    Without a largest, whatever lies beyond a sane count is taken for the largest of them.

    >>> number('7', 9), number('2.5', 9), number('1e30')
    (7, 2.5, 1000000000000000000)
    """
    value = float(text)
    if not (isfinite(value) and 0 <= value <= (largest or value)):
        raise ValueError(f"out of range: {text}")
    if value >= LARGEST_COUNT:
        return LARGEST_COUNT
    return int(value) if value.is_integer() else value


def resolution(epochs: Sequence[int]) -> int:
    """The coarsest step, of an hour, a minute or a second, that all time stamps are on.

    Stamps cut to the minute look aligned to it; the step is what such a look must allow for.

    >>> resolution([7200, 10800]), resolution([60, 180]), resolution([61])
    (3600, 60, 1)
    """
    if epochs[0] % 60 or any(epoch % 60 for epoch in epochs):
        return 1
    return 60 if any(epoch % 3600 for epoch in epochs) else 3600
