"""An app: the conf files that a search may refer to."""

import base64
import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple, Optional

from . import summary_index
from .conf import Stanzas, boolean, read_conf
from .errors import SplError, nearest
from .lookups import Lookups

# The app that replay stands in, and how the names of its rules end.
APP = Path(__file__).resolve().parent.parent
RULE_SUFFIX = " - Rule"


def short_name(search: str) -> str:
    """Return a search's name without what the names of all rules share.

    >>> short_name("T1029 - Fixed Interval Connections - Rule")
    'Fixed Interval Connections'
    """
    return re.sub(r"^T1029 - | - Rule$", "", search)


def _words(name: str) -> str:
    return " ".join(re.findall(r"\w+", name.casefold()))


class Search(NamedTuple):
    """A search to run: its name, its text with macros, its window as time modifiers (None: all).

    `now` is the time it runs at, if one of its own; `action` stores what it finds;
    `indexed` bounds the time at which its events were indexed, as time modifiers ("": no bound).
    """

    name: str
    spl: str
    earliest: Optional[str] = None
    latest: Optional[str] = None
    now: Optional[float] = None
    action: Optional[summary_index.Action] = None
    indexed: tuple[str, str] = ("", "")


class App(NamedTuple):
    """The saved searches, macros, custom commands and lookups of an app.

    calls are those of macros that are expanded, with what they stand for.
    """

    root: Path
    searches: Stanzas
    macros: Stanzas
    commands: Stanzas
    lookups: Lookups
    calls: dict[str, str]

    @classmethod
    def at(cls, root: Path, lookups: Mapping[str, Path], macros: Mapping[str, str]) -> "App":
        """Read an app; given lookups and macros stand in for its own."""
        stanzas = read_conf(root, "macros")
        for name, definition in macros.items():
            stanzas[name] = {**stanzas.get(name, {}), "definition": definition}
        tables = Lookups(
            root, read_conf(root, "transforms"), read_conf(root, "collections"), lookups
        )
        searches, customs = read_conf(root, "savedsearches"), read_conf(root, "commands")
        return cls(Path(root), searches, stanzas, customs, tables, {})

    def search_id(self, search: Search, now: float) -> str:
        """Return the id of a run: a saved search has that of a scheduled run, a text its time.

        Splunk's Search Manual ("Dispatch directory and search artifacts") shows the form by
        examples: an app whose name is not of letters and digits alone stands in base64, a search
        as the second half of the MD5 of its name.
        """
        if search.name not in self.searches:
            return f"{now // 1:.0f}.1"
        stanza = read_conf(self.root, "app").get("package", {})
        app = stanza.get("id", self.root.name)
        coded = base64.b64encode(app.encode()).decode().rstrip("=")
        app = f"_{app}" if app.isalnum() else coded
        name = hashlib.md5(search.name.encode()).hexdigest()[16:]
        return f"scheduler__nobody_{app}__RMD5{name}_at_{now // 1:.0f}_1"

    def rules(self, suffix: str = RULE_SUFFIX) -> list[str]:
        """Return the names of the saved searches that end like this and are not disabled."""
        return [
            name
            for name, stanza in self.searches.items()
            if name.endswith(suffix)
            and not boolean(stanza.get("disabled", "0"), f"[{name}] disabled")
        ]

    def meant(self, written: str) -> str:
        """Return the name of the saved search that has this name or, alone, these words in it."""
        if written in self.searches:
            return written
        shorts = {name: short_name(name) for name in self.searches}
        words = _words(written)
        alike = [name for name in shorts if words and words in _words(name)]
        same = [name for name in alike if words == _words(shorts[name])]
        if len(same or alike) > 1:
            told = f"'{written}' is a part of several saved searches: {'; '.join(alike)}"
            raise SplError(f"{told}; write more of the name")
        if not alike:
            raise SplError(f"no saved search '{written}'{nearest(written, list(shorts.values()))}")
        return (same or alike)[0]

    def search(self, written: str, now: Optional[float] = None) -> Search:
        """Return a saved search with the window that it is scheduled with."""
        name = self.meant(written)
        stanza = self.searches[name]
        if "search" not in stanza:
            raise SplError(f"saved search '{name}' has no search")
        earliest, latest = (
            stanza.get(f"dispatch.{side}_time", "") for side in ("earliest", "latest")
        )
        indexed = tuple(stanza.get(f"dispatch.index_{side}", "") for side in ("earliest", "latest"))
        action = summary_index.action_of(name, stanza)
        return Search(name, stanza["search"], earliest, latest, now, action, indexed)
