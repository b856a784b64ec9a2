"""Reading observations: tokens of `epoch[:bytes_out[:bytes_in]]`, in any order."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import zip_longest
from json import JSONDecoder
from math import isfinite
from operator import itemgetter, sub
from typing import NamedTuple

from .named import new
from .weights import GLANCE, LARGE

# The year 5138: beyond it a time stamp is in milliseconds, or wrong.
LATEST_EPOCH = 1e11
# Counts from here on are taken for this (an exabyte): what is absurd must not turn to nothing.
LARGEST_COUNT = 10**18
# A float has no room for more digits than this.
MOST_DIGITS = 300
NAMED_FAULTS = 3

_DIGITS = b"0123456789."
_COMMAS = bytes.maketrans(b": ", b",,")
# Counts that are not large, by their digits.
_COUNTS = f"(?::[0-9]{{0,{len(str(LARGE)) - 1}}}){{0,2}}"
# Pick epochs, bytes out and bytes in from the numbers of tokens, by the colons in each token.
_NO_COUNTS = slice(0, 0)
_COLUMNS = {
    b"": itemgetter(slice(None), _NO_COUNTS, _NO_COUNTS),
    b":": itemgetter(slice(0, None, 2), slice(1, None, 2), _NO_COUNTS),
    b"::": itemgetter(slice(0, None, 3), slice(1, None, 3), slice(2, None, 3)),
}
_read_json = JSONDecoder().raw_decode
_same_hundred_seconds = re.compile(
    f"([0-9]{{8}})[0-9]{{2}}{_COUNTS}(?: \\1[0-9]{{2}}{_COUNTS})*"
).fullmatch
_fraction_of_a_byte = re.compile(r":[^ ]*\.").search
_name_unknown_counts = re.compile(":(?=[: ]|$)").sub


class Observations(NamedTuple):
    """What could be read of one pair.

    epochs are distinct and in order (seconds), gaps lie between them; sent and received are
    the counts of bytes of the tokens that carry them, in no order; resolution is the step of
    the clock that stamped them (seconds: 0 for fractions, else 1, 60 or 3600); unreadable counts
    the tokens that could not be read and faults quotes some.
    """

    epochs: Sequence[float]
    gaps: Sequence[float]
    sent: Sequence[int]
    received: Sequence[int]
    resolution: int = 0
    unreadable: int = 0
    faults: tuple[str, ...] = ()


NONE = Observations((), (), (), ())


def parse(observations: str | Iterable[str] | None) -> Observations:
    """Read one string of tokens, or several; exact duplicates count once.

    >>> parse('1767233650:150:20 1767320050:170')
    Observations(epochs=[1767233650, 1767320050], gaps=[86400], sent=[150, 170], \
received=[20], resolution=1, unreadable=0, faults=())
    >>> parse(['5', 'x', '5']).epochs, parse('5 x').faults
    ([5], ('x',))
    """
    text = observations or ""
    if not isinstance(text, str):
        text = " ".join(map(str, text))
    return _plain(text) or _token_by_token(text) if text else NONE


def over_at_once(observations: str | Iterable[str] | None) -> bool:
    """Whether a glance shows well-formed small contacts within a hundred seconds of the clock.

    It misses some, which are then read like any other, and takes none for what it is not.

    >>> over_at_once('1767233650:150:20 1767233690'), over_at_once('1767233650 1767233750')
    (True, False)
    """
    if not isinstance(observations, str) or len(observations) > GLANCE:
        return False
    return _same_hundred_seconds(observations) is not None


def _plain(text: str) -> Observations | None:
    """Read well-formed tokens with few steps, or give up."""
    fractions = "." in text
    if fractions and _fraction_of_a_byte(text):
        return None
    try:
        epochs, sent, received = _alike(text) or _mixed(text)
    except ValueError:
        return None
    epochs.sort()
    if epochs[-1] > LATEST_EPOCH:
        return None
    gaps = list(map(sub, epochs[1:], epochs))
    # No gap at all: one time stamp twice, perhaps from one token twice.
    if not all(gaps):
        return None
    step = 0 if fractions else resolution(epochs)
    return new(Observations, (epochs, gaps, sent, received, step, 0, ()))


def _alike(text: str) -> tuple[list, list[int], list[int]] | None:
    """Epochs, and bytes each way, of tokens that all have the same parts, else None.

    They are read as JSON, which takes less time than splitting and int().
    """
    written = text.encode()
    columns = _columns(written.translate(None, _DIGITS))
    if columns is None:
        return None
    try:
        numbers, _ = _read_json(f"[{written.translate(_COMMAS).decode()}]")
    except ValueError:
        return None
    return columns(numbers)


def _columns(frame: bytes) -> Callable[[list], tuple[list, list[int], list[int]]] | None:
    """What picks the columns from the numbers of tokens alike; None where their parts differ.

    The frame, all that is left of a text without its digits, shows that no sign, name or exponent
    is among them (ValueError if one is).
    """
    first = frame.partition(b" ")[0]
    if first in _COLUMNS and frame + b" " == (first + b" ") * (frame.count(b" ") + 1):
        return _COLUMNS[first]
    if b":::" in frame or frame.translate(None, b": "):
        raise ValueError("a token of another form")
    return None


def _mixed(text: str) -> tuple[list, list[int], list[int]]:
    """The same where parts are missing, of a text that `_columns` let pass.

    ValueError where a token is empty.
    """
    if "::" in text or ": " in text or text.endswith(":"):
        text = _name_unknown_counts(":null", text)
    rows, _ = _read_json(f"[[{text.replace(':', ',').replace(' ', '],[')}]]")
    if not all(rows):
        raise ValueError("an empty token")
    epochs, sent, received, *_ = (*zip_longest(*rows), (), ())
    return list(epochs), _known(sent), _known(received)


def _known(counts: Iterable[int | None]) -> list[int]:
    return [count for count in counts if count is not None]


def _token_by_token(text: str) -> Observations:
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
    gaps = list(map(sub, epochs[1:], epochs))
    whole = all(isinstance(epoch, int) for epoch in epochs)
    return Observations(
        epochs,
        gaps,
        _known(sent),
        _known(received),
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
