"""What can go wrong in replay, in the words that a user sees."""

from collections.abc import Collection
from difflib import get_close_matches

LISTED_AT_MOST = 30


class ReplayError(Exception):
    """Anything that stops a run; its text is meant for people."""


class SplError(ReplayError):
    """A search that Splunk, or this interpreter, refuses.

    `place` is that of the command at which it happened, where that is known.
    """

    place = None


class LocatedError(SplError):
    """An error of a search that already says where it happened."""


class InputError(ReplayError):
    """A log file, a lookup or an option that cannot be used."""


def nearest(written: str, known: Collection[str]) -> str:
    """Return the known names that are most like one that is not known, as words for its error.

    >>> nearest("Colour", ["colors", "sizes"]), nearest("Colour", ["x"])
    ("; did you mean 'colors'?", '; there are: x')
    """
    by_fold = {name.casefold(): name for name in known}
    found = get_close_matches(written.casefold(), by_fold, cutoff=0.5)
    if not found:
        return f"; there are: {'; '.join(known)}" if len(known) <= LISTED_AT_MOST else ""
    return f"; did you mean {' or '.join(repr(by_fold[one]) for one in found)}?"


def refused(command: str, message: str) -> SplError:
    """Return the error of a command, in Splunk's form."""
    return SplError(f"Error in '{command}' command: {message}")
