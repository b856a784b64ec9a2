"""rest: what splunkd says of the app's own parts, as its conf files have them."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from ..conf import boolean, read_conf
from ..errors import refused
from ..parse import arguments, tokens
from ..search_context import SearchContext
from .base import Generating, Row

APP_NAME = "scheduled_transfer"


def _saved_searches(app: Path) -> Iterator[Row]:
    """Whether each saved search runs on a schedule, and whether it sends mail."""
    for title, stanza in read_conf(app, "savedsearches").items():
        flags = {
            "is_scheduled": stanza.get("enableSched", "0"),
            "disabled": stanza.get("disabled", "0"),
            "action.email": stanza.get("action.email", "0"),
        }
        told = {name: int(boolean(value, f"[{title}]")) for name, value in flags.items()}
        yield {"title": title, **told}


# What each address returns, of the fields that replay knows.
ENDPOINTS = {f"/servicesNS/-/{APP_NAME}/saved/searches": _saved_searches}


class Rest(Generating):
    """rest splunk_server= count=: an endpoint's rows; replay knows that of saved searches."""

    options = ("splunk_server", "count")

    def __init__(self, written: str, context: SearchContext):
        tree, given = arguments("named", written, "rest", self.options)
        (address,) = tokens(tree)
        if address not in ENDPOINTS:
            raise refused("rest", f"replay knows {', '.join(ENDPOINTS)}, not {address}")
        if given.get("splunk_server") != "local" or given.get("count", "0") != "0":
            raise refused("rest", "replay knows splunk_server=local, and count=0")
        self.app, self.rows = context.app, ENDPOINTS[address]

    def run(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Read the conf files as they are now."""
        return self.rows(self.app)


COMMANDS = {"rest": Rest}
