"""Lookup tables: CSV files and KV Store collections; what searches write lives for one run."""

import csv
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple, Optional

from . import functions
from .conf import boolean
from .errors import InputError, SplError, refused
from .values import each, multivalue, text

KEYS = {
    "filename", "external_type", "collection", "fields_list", "match_type", "max_matches",
    "min_matches", "case_sensitive_match", "replicate", "python.version", "python.required",
    "description",
}  # fmt: skip
DEFAULT_MATCHES = 100
FILES_KEPT = 32
# Files that the repository does not hold, and what makes them.
MADE_BY = {"t1029_public_suffixes.csv": "python3 requirements/public_suffixes.py"}
# What iplocation reads: no lookup of the app, but a table that may be given like one.
LOCATIONS = "iplocation"
NUMERIC_TYPES = ("number", "time")
_MATCH_TYPE = re.compile(r"\s*(CIDR|WILDCARD|EXACT)\s*\(\s*([^)\s]+)\s*\)\s*,?")

Row = dict[str, Any]


class Contents(NamedTuple):
    """The fields and rows that a CSV file or a collection holds; texts, or lists of them.

    `tests` are those that were made of its fields, since making them of a large file takes long.
    """

    fields: list[str]
    rows: list[Row]
    tests: dict[tuple, Any]

    @classmethod
    def of(cls, fields: list[str], rows: list[Row]) -> "Contents":
        return cls(fields, rows, {})


class Place(NamedTuple):
    """Where the rows of a lookup are: a CSV file, or a collection with its fields and types."""

    name: str
    collection: bool
    fields: tuple[str, ...] = ()
    types: tuple[tuple[str, str], ...] = ()
    enforced: bool = False

    @property
    def key(self) -> tuple[str, bool]:
        """Its identity, by any stanza that names it."""
        return self.name, self.collection


class Table(NamedTuple):
    """The rows of one lookup and how they match."""

    name: str
    contents: Contents
    match_types: dict[str, str]
    max_matches: int
    case_sensitive: bool

    @property
    def fields(self) -> list[str]:
        return self.contents.fields

    @property
    def rows(self) -> list[Row]:
        return self.contents.rows

    def test(self, field: str):
        """Return the function from a value to the places of the rows that it matches."""
        key = field, self.match_types.get(field), self.case_sensitive
        tests = self.contents.tests
        return tests.get(key) or tests.setdefault(key, _test(self, field))


def read_csv(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    """Return the header and the rows of a CSV file; an empty cell is null."""
    try:
        with open(path, encoding="utf-8-sig", newline="") as lines:
            reader = csv.DictReader(lines, strict=True)
            rows = [_cells(path, reader.line_num, row) for row in reader]
            return list(reader.fieldnames or ()), rows
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        made = f"; make it: {MADE_BY[path.name]}" if path.name in MADE_BY else ""
        raise InputError(f"lookup file {path}: {error}{made}") from None


def _state(path: Path) -> tuple[int, int]:
    """Return what changes when a file does; zeros without one, which read_csv reports."""
    try:
        found = path.stat()
    except OSError:
        return 0, 0
    return found.st_mtime_ns, found.st_size


@lru_cache(maxsize=FILES_KEPT)
def _of_file(path: Path, _state: tuple[int, int]) -> Contents:
    return Contents.of(*read_csv(path))


def _cells(path: Path, line: int, row: Mapping[Any, Any]) -> dict[str, str]:
    if None in row:
        raise InputError(f"lookup file {path}, line {line}: more cells than the header has names")
    return {name: cell for name, cell in row.items() if cell not in (None, "")}


class Lookups:
    """All lookups that a run knows: stanzas of transforms.conf, files in lookups/, given files."""

    def __init__(self, app: Path, transforms, collections, given: Mapping[str, Path] = {}):
        self.app = Path(app)
        self.transforms = transforms
        self.collections = collections
        self.version = 0
        self._contents: dict[tuple[str, bool], Optional[Contents]] = {}
        self._awaited: set[tuple[str, bool]] = set()
        self._given: dict[tuple[str, bool], Path] = {}
        for name, path in given.items():
            self._given[self._known(name).key] = Path(path)

    def _known(self, name: str) -> Place:
        if name == LOCATIONS:
            return Place(LOCATIONS, False)
        files = {stanza.get("filename") for stanza in self.transforms.values()}
        if name not in self.transforms and name not in files and not self._file(name).exists():
            raise InputError(f"--lookup {name}=...: the app has no lookup of that name")
        return self.place(name, "lookup")

    def _file(self, name: str) -> Path:
        return self.app / "lookups" / Path(name).name

    def _stanza(self, name: str, command: str) -> Mapping[str, str]:
        if name in self.transforms:
            return self.transforms[name]
        if name.endswith(".csv"):
            return {"filename": name}
        raise _missing(name, command)

    def place(self, name: str, command: str) -> Place:
        """Return where a lookup's rows are, by its stanza or by the name of its CSV file."""
        stanza = self._stanza(name, command)
        unknown = sorted(key for key in stanza if key not in KEYS)
        if unknown:
            raise SplError(f"lookup '{name}': the setting {unknown[0]} is not supported by replay")
        if "filename" in stanza:
            return Place(stanza["filename"], False)
        if stanza.get("external_type") != "kvstore":
            raise SplError(f"lookup '{name}' has neither a filename nor external_type = kvstore")
        return self._collection(name, stanza)

    def _collection(self, name: str, stanza: Mapping[str, str]) -> Place:
        collection = stanza.get("collection", "")
        if collection not in self.collections:
            raise SplError(f"lookup '{name}': no collection '{collection}'")
        settings = self.collections[collection]
        fields = re.split(r"[\s,]+", stanza.get("fields_list", "").strip())
        types = {
            key[len("field.") :]: kind for key, kind in settings.items() if key.startswith("field.")
        }
        where = f"collection '{collection}', enforceTypes"
        enforced = boolean(settings.get("enforceTypes", "false"), where)
        return Place(collection, True, tuple(fields), tuple(types.items()), enforced)

    def table(self, name: str, command: str) -> Table:
        """Return a lookup with the rows that it has now."""
        place, stanza = self.place(name, command), self._stanza(name, command)
        contents = self.contents(place)
        if contents is None:
            raise _missing(place.name, command)
        matching = _match_types(name, stanza), *_limits(name, stanza)
        return Table(name, contents, *matching)

    def locations(self) -> Table:
        """Return networks and where they are, small ones first: only the smallest may match."""
        path = self._given.get((LOCATIONS, False))
        header, rows = read_csv(path) if path else (["network"], [])
        try:
            rows.sort(key=lambda row: -functions.network(row["network"])[1])
        except (KeyError, SplError):
            raise InputError(f"lookup file {path}: a row without a network") from None
        return Table(LOCATIONS, Contents.of(header, rows), {"network": "CIDR"}, 1, True)

    def known(self, name: str, command: str) -> Optional[Table]:
        """Return a lookup as a search is read: None where an earlier search is yet to write it."""
        place = self.place(name, command)
        if self.contents(place) is None and place.key in self._awaited:
            return None
        return self.table(name, command)

    def _load(self, place: Place) -> Optional[Contents]:
        path = self._given.get(place.key)
        if not place.collection:
            path = path or self._file(place.name)
            return _of_file(path, _state(path)) if self._expected(place, path) else None
        if path is None:
            return Contents.of(list(place.fields), [])
        header, rows = read_csv(path)
        unknown = [field for field in header if field not in place.fields]
        if unknown:
            raise InputError(f"lookup file {path}: '{place.name}' has no field '{unknown[0]}'")
        keyed = [{"_key": f"{count:024x}", **row} for count, row in enumerate(rows)]
        return Contents.of(list(place.fields), keyed)

    def _expected(self, place: Place, path: Path) -> bool:
        """Tell whether a file must be there: what is given, or named by a stanza of the app."""
        named = any(stanza.get("filename") == place.name for stanza in self.transforms.values())
        given = place.key in self._given
        return given or path.exists() or (named and place.key not in self._awaited)

    def await_rows(self, place: Place) -> None:
        """Note that a search of this run writes a lookup, whose file need not be there before."""
        self._awaited.add(place.key)

    def replace(self, place: Place, contents: Optional[Contents]) -> None:
        """Let a lookup have other rows from now on; None deletes its file."""
        self.version += 1
        self._contents[place.key] = contents

    def contents(self, place: Place) -> Optional[Contents]:
        """Return the rows that a lookup has now, None where its file does not exist."""
        if place.key not in self._contents:
            self._contents[place.key] = self._load(place)
        return self._contents[place.key]


def _missing(name: str, command: str) -> SplError:
    return refused(command, f"Could not find the lookup table '{name}'.")


def _match_types(name: str, stanza: Mapping[str, str]) -> dict[str, str]:
    written = stanza.get("match_type", "")
    if _MATCH_TYPE.sub("", written).strip():
        raise SplError(f"lookup '{name}': cannot read match_type = {written}")
    return {field: kind for kind, field in _MATCH_TYPE.findall(written)}


def _limits(name: str, stanza: Mapping[str, str]) -> tuple[int, bool]:
    if stanza.get("min_matches", "0") != "0":
        raise SplError(f"lookup '{name}': min_matches is not supported by replay")
    most = int(stanza.get("max_matches", DEFAULT_MATCHES))
    where = f"lookup '{name}', case_sensitive_match"
    sensitive = boolean(stanza.get("case_sensitive_match", "true"), where)
    if not sensitive and stanza.get("external_type") == "kvstore":
        raise SplError(f"{where}: it does not apply to a KV Store lookup")
    return most, sensitive


class Matcher:
    """Finds the rows of a table for the values of some of its fields, in the table's order."""

    def __init__(self, table: Table, fields: Sequence[str]):
        self.table = table
        self.tests = [table.test(field) for field in fields]
        self._found: dict[tuple, list[dict[str, str]]] = {}

    def rows(self, values: tuple) -> list[dict[str, str]]:
        """Return the matching rows, at most max_matches; values with a null match nothing."""
        key = tuple(value if type(value) is str else _key(value) for value in values)
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = [] if None in key else self._search(key)
        return found

    def _search(self, key: tuple) -> list[dict[str, str]]:
        places = None
        for test, value in zip(self.tests, key):
            one = test(value)
            places = one if places is None else places & one
        return [self.table.rows[place] for place in sorted(places)][: self.table.max_matches]


def _key(value: Any) -> Any:
    return None if value is None else text(functions.single(value))


def _test(table: Table, field: str):
    """Return the function from a value to the set of places of the rows it matches in one field."""
    cells = [(place, row[field]) for place, row in enumerate(table.rows) if field in row]
    if any(type(cell) is list for _, cell in cells):
        raise SplError(
            f"lookup '{table.name}': matching a multivalue, here in '{field}', is not supported by "
            "replay"
        )
    kind = table.match_types.get(field, "EXACT")
    if kind == "CIDR":
        return _by_network(table.name, cells)
    fold = str if table.case_sensitive else str.lower
    if kind == "WILDCARD":
        return _by_wildcard([(place, fold(cell)) for place, cell in cells], fold)
    places: dict[str, set] = {}
    for place, cell in cells:
        places.setdefault(fold(cell), set()).add(place)
    return lambda value: places.get(fold(value), set())


def _by_wildcard(cells, fold):
    patterns = [
        (place, re.compile(".*".join(map(re.escape, cell.split("*"))), re.DOTALL))
        for place, cell in cells
    ]
    return lambda value: {
        place for place, pattern in patterns if pattern.fullmatch(fold(value)) is not None
    }


def _by_network(name: str, cells):
    """Index networks by version and mask: as many look-ups as there are lengths of prefix."""
    places: dict[tuple[int, int], dict[int, set]] = {}
    for place, cell in cells:
        try:
            version, mask, base = functions.network(cell)
        except SplError:
            raise InputError(f"lookup '{name}', row {place + 1}: '{cell}' is no network") from None
        places.setdefault((version, mask), {}).setdefault(base, set()).add(place)

    def test(value: str) -> set:
        found = functions.address(value)
        if found is None:
            return set()
        version, bits = found
        return set().union(
            *(
                networks.get(bits & mask, ())
                for (of, mask), networks in places.items()
                if of == version
            )
        )

    return test


def merged(rows: list[dict[str, str]], field: str) -> Any:
    """Return one output field of several matches as a row stores it."""
    return multivalue([one for row in rows if field in row for one in each(row[field])])
