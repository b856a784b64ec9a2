"""rest: what splunkd says of the app's own parts, as its conf files have them, and of the user."""

from collections.abc import Iterable, Iterator

from ..conf import boolean, read_conf
from ..errors import refused
from ..parse import arguments, tokens
from ..search_context import SearchContext
from .base import Generating, Row

APP_NAME = "scheduled_transfer"


def _saved_searches(context: SearchContext) -> Iterator[Row]:
    """Whether each saved search runs on a schedule, and whether it sends mail."""
    for title, stanza in read_conf(context.app, "savedsearches").items():
        flags = {
            "is_scheduled": stanza.get("enableSched", "0"),
            "disabled": stanza.get("disabled", "0"),
            "action.email": stanza.get("action.email", "0"),
        }
        told = {name: int(boolean(value, f"[{title}]")) for name, value in flags.items()}
        yield {"title": title, **told}


def _current_user(context: SearchContext) -> Iterator[Row]:
    """Who runs the search."""
    if context.user is None:
        raise refused("rest", "who runs the search is not given: run(user=...), --user.")
    yield {"username": context.user}


# What each address returns, of the fields that replay knows.
ENDPOINTS = {
    f"/servicesNS/-/{APP_NAME}/saved/searches": _saved_searches,
    "/services/authentication/current-context": _current_user,
}


class Rest(Generating):
    """rest splunk_server= count=: the rows of an endpoint that replay knows."""

    options = ("splunk_server", "count")

    def __init__(self, written: str, context: SearchContext):
        tree, given = arguments("named", written, "rest", self.options)
        (address,) = tokens(tree)
        if address not in ENDPOINTS:
            raise refused("rest", f"replay knows {', '.join(ENDPOINTS)}, not {address}")
        if given.get("splunk_server") != "local" or given.get("count", "0") != "0":
            raise refused("rest", "replay knows splunk_server=local, and count=0")
        self.context, self.rows = context, ENDPOINTS[address]

    def run(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Answer as the conf files are now."""
        return self.rows(self.context)


COMMANDS = {"rest": Rest}
