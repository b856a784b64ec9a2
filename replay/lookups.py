"""Lookup tables: CSV files of the app, and KV Store collections that live for one run."""

import csv
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Optional

from . import functions
from .conf import boolean
from .errors import InputError, SplError
from .values import multivalue, text

KEYS = {
    "filename", "external_type", "collection", "fields_list", "match_type", "max_matches",
    "min_matches", "case_sensitive_match", "replicate", "python.version", "python.required",
    "description",
}  # fmt: skip
DEFAULT_MATCHES = 100


class Table(NamedTuple):
    """The rows of one lookup and how they match."""

    name: str
    fields: list[str]
    rows: list[dict[str, str]]
    match_types: dict[str, str]
    max_matches: int
    case_sensitive: bool


def read_csv(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    """Return the header and the rows of a CSV file; an empty cell is null."""
    try:
        with open(path, encoding="utf-8-sig", newline="") as lines:
            reader = csv.DictReader(lines, strict=True)
            rows = [_cells(path, reader.line_num, row) for row in reader]
            return list(reader.fieldnames or ()), rows
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"lookup file {path}: {error}") from None


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
        self.given = dict(given)
        self._tables: dict[str, Table] = {}
        for name in self.given:
            self._known(name)

    def _known(self, name: str) -> None:
        files = {stanza.get("filename") for stanza in self.transforms.values()}
        if name not in self.transforms and name not in files and not self._file(name).exists():
            raise InputError(f"--lookup {name}=...: the app has no lookup of that name")

    def _file(self, name: str) -> Path:
        return self.app / "lookups" / Path(name).name

    def table(self, name: str, command: str) -> Table:
        """Return a lookup by its stanza, or by the name of its CSV file."""
        if name not in self._tables:
            self._tables[name] = self._load(name, command)
        return self._tables[name]

    def _load(self, name: str, command: str) -> Table:
        stanza = self.transforms.get(name)
        if stanza is None:
            if not name.endswith(".csv") or not (name in self.given or self._file(name).exists()):
                raise SplError(
                    f"Error in '{command}' command: Could not find the lookup table '{name}'."
                )
            stanza = {"filename": name}
        unknown = sorted(key for key in stanza if key not in KEYS)
        if unknown:
            raise SplError(f"lookup '{name}': the setting {unknown[0]} is not supported by replay")
        fields, rows = self._rows(name, stanza)
        return Table(name, fields, rows, _match_types(name, stanza), *_limits(name, stanza))

    def _rows(self, name: str, stanza: Mapping[str, str]):
        given = self.given.get(name) or self.given.get(stanza.get("filename", ""))
        if "filename" in stanza:
            return read_csv(given or self._file(stanza["filename"]))
        if stanza.get("external_type") != "kvstore":
            raise SplError(f"lookup '{name}' has neither a filename nor external_type = kvstore")
        if stanza.get("collection") not in self.collections:
            raise SplError(f"lookup '{name}': no collection '{stanza.get('collection')}'")
        fields = re.split(r"[\s,]+", stanza.get("fields_list", "").strip())
        return fields, self._collection(name, fields, given)

    def _collection(self, name: str, fields: list[str], given: Optional[Path]):
        if given is None:
            return []
        header, rows = read_csv(given)
        unknown = [field for field in header if field not in fields]
        if unknown:
            raise InputError(f"lookup file {given}: '{name}' has no field '{unknown[0]}'")
        return rows


def _match_types(name: str, stanza: Mapping[str, str]) -> dict[str, str]:
    written = stanza.get("match_type", "")
    found = re.findall(r"\s*(CIDR|WILDCARD|EXACT)\s*\(\s*([^)\s]+)\s*\)\s*,?", written)
    if re.sub(r"\s*(CIDR|WILDCARD|EXACT)\s*\(\s*([^)\s]+)\s*\)\s*,?", "", written).strip():
        raise SplError(f"lookup '{name}': cannot read match_type = {written}")
    return {field: kind for kind, field in found}


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
        self.tests = [_test(table, field) for field in fields]
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
    return multivalue([row[field] for row in rows if field in row])
