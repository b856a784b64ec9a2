"""Short cuts that change no verdict: without any of them the same is found, only more slowly.

What each saves is measured by `make bench-speed` and stated in docs/scoring.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import zip_longest
from json import JSONDecoder
from operator import itemgetter

_DIGITS = b"0123456789."
_COMMAS = bytes.maketrans(b": ", b",,")
# Which of the numbers are epochs, bytes out and bytes in, by the colons in each token.
_NONE = slice(0, 0)
_COLUMNS = {
    b"": itemgetter(slice(None), _NONE, _NONE),
    b":": itemgetter(slice(0, None, 2), slice(1, None, 2), _NONE),
    b"::": itemgetter(slice(0, None, 3), slice(1, None, 3), slice(2, None, 3)),
}
_read_json = JSONDecoder().raw_decode
_fraction_of_a_byte = re.compile(r":[^ ]*\.").search
_name_unknown_counts = re.compile(":(?=[: ]|$)").sub


def columns(text: str) -> tuple[list, list[int], list[int]] | None:
    """Epochs, and bytes each way, of well-formed tokens; None for any others.

    They are read as JSON, which takes less time than splitting and int(). What is left of the text
    without its digits shows that no sign, name or exponent is among them.

    >>> columns('9:4:2 7:5:3'), columns('9:4 7'), columns('9:4 7e1')
    (([9, 7], [4, 5], [2, 3]), ([9, 7], [4], []), None)
    """
    if "." in text and _fraction_of_a_byte(text):
        return None
    written = text.encode(errors="replace")
    frame = written.translate(None, _DIGITS)
    first = frame.partition(b" ")[0]
    try:
        if first in _COLUMNS and frame + b" " == (first + b" ") * (frame.count(b" ") + 1):
            numbers, _ = _read_json(f"[{written.translate(_COMMAS).decode()}]")
            return _COLUMNS[first](numbers)
        if b":::" not in frame and not frame.translate(None, b": "):
            return _of_unlike_tokens(text)
    except ValueError:
        pass
    return None


def _of_unlike_tokens(text: str) -> tuple[list, list[int], list[int]] | None:
    """The same where some tokens lack a part; None where one is empty."""
    if "::" in text or ": " in text or text.endswith(":"):
        text = _name_unknown_counts(":null", text)
    rows, _ = _read_json(f"[[{text.replace(':', ',').replace(' ', '],[')}]]")
    if not all(rows):
        return None
    epochs, sent, received, *_ = (*zip_longest(*rows), (), ())
    return list(epochs), _known(sent), _known(received)


def _known(counts: Iterable[int | None]) -> list[int]:
    return [count for count in counts if count is not None]
