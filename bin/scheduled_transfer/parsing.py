"""Reading observations: tokens of `epoch[:bytes_out[:bytes_in]]`, in any order."""

from __future__ import annotations

from collections.abc import Iterable
from math import isfinite
from operator import sub

from . import fast
from .series import EMPTY, Series, resolution

# The year 5138: beyond it a time stamp is in milliseconds, or wrong.
LATEST_EPOCH = 1e11
# Counts from here on are taken for this (an exabyte): what is absurd must not turn to nothing.
LARGEST_COUNT = 10**18
# A float has no room for more digits than this.
MOST_DIGITS = 300
NAMED_FAULTS = 3


def parse(observations: str | Iterable[str] | None) -> Series:
    """Read one string of tokens, or several; exact duplicates count once.

    >>> parse('1767233650:150:20 1767320050:170')
    Series(epochs=[1767233650, 1767320050], gaps=[86400], sent=[150, 170], received=[20], \
resolution=1, unreadable=0, faults=())
    >>> parse(['5', 'x', '5']).epochs, parse('5 x').faults
    ([5], ('x',))
    """
    text = observations or ""
    if not isinstance(text, str):
        text = " ".join(map(str, text))
    return (_well_formed(text) or _token_by_token(text)) if text else EMPTY


def _well_formed(text: str) -> Series | None:
    """Tokens that are all plain numbers with distinct epochs, or None: they are read in one go."""
    columns = fast.columns(text)
    if columns is None:
        return None
    epochs, sent, received = columns
    epochs.sort()
    if epochs[-1] > LATEST_EPOCH:
        return None
    gaps = list(map(sub, epochs[1:], epochs))
    # No gap at all: one time stamp twice, perhaps from one token twice.
    if not all(gaps):
        return None
    return Series(epochs, gaps, sent, received, 0 if "." in text else resolution(epochs))


def _token_by_token(text: str) -> Series:
    distinct, sent, received, faults = set(), [], [], []
    for token in dict.fromkeys(text.split()):
        try:
            epoch, out, back = _token(token)
        except ValueError:
            faults.append(token)
            continue
        distinct.add(epoch)
        sent.append(out)
        received.append(back)
    epochs = sorted(distinct)
    whole = all(isinstance(epoch, int) for epoch in epochs)
    return Series(
        epochs,
        list(map(sub, epochs[1:], epochs)),
        [count for count in sent if count is not None],
        [count for count in received if count is not None],
        resolution(epochs) if whole and epochs else 0,
        len(faults),
        tuple(faults[:NAMED_FAULTS]),
    )


def _token(token: str) -> tuple[float, int | None, int | None]:
    epoch, *counts = token.split(":")
    if len(counts) > 2:
        raise ValueError(f"too many parts: {token}")
    out, back, *_ = [_count(count) if count else None for count in counts] + [None, None]
    return number(epoch, LATEST_EPOCH), out, back


def _count(text: str) -> int:
    """Bytes; what no float holds is taken for the largest count."""
    return LARGEST_COUNT if text.isdecimal() and len(text) > MOST_DIGITS else int(number(text))


def number(text: str, largest: float | None = None) -> float:
    """A finite number from 0 to largest; ValueError names anything else.

    Without a largest, anything beyond a sane count is taken for the largest of them.

    >>> number('7', 9), number('2.5', 9), number('1e30')
    (7, 2.5, 1000000000000000000)
    """
    value = float(text)
    if not (isfinite(value) and 0 <= value <= (largest or value)):
        raise ValueError(f"out of range: {text}")
    if value >= LARGEST_COUNT:
        return LARGEST_COUNT
    return int(value) if value.is_integer() else value
