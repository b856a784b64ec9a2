"""What can go wrong in replay, in the words that a user sees."""


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


def refused(command: str, message: str) -> SplError:
    """Return the error of a command, in Splunk's form."""
    return SplError(f"Error in '{command}' command: {message}")
