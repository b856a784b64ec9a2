"""What people write (detections, upkeep searches, macros by theme, fields): read and checked."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar, Union

import yaml
from jsonschema import Draft202012Validator

from compose.fields import Fields
from compose.templates import fill

ROOT = Path(__file__).parents[1]
# Written in C where PyYAML has it: ten times as fast.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
SCHEMAS = yaml.load((Path(__file__).parent / "schema.yml").read_text(encoding="utf-8"), LOADER)
# In the order in which macros.conf holds them.
THEMES = (
    "sources", "flows", "scope", "names", "rollup", "pairs", "jobs", "programs", "lists",
    "transfer_kinds", "learned", "identity", "findings", "alert", "cases", "health", "setup",
    "views",
)  # fmt: skip

Number = Union[int, float]
Listed = TypeVar("Listed", "Detection", "Upkeep")


@dataclass(frozen=True)
class Threshold:
    """A number that a site may change: a macro of its own, t1029_<name>."""

    name: str
    default: Number
    unit: str
    meaning: str


@dataclass(frozen=True)
class Detection:
    """One folder of detections/: a rule and all that belongs to it."""

    slug: str
    folder: Path
    about: Mapping[str, Any]  # detection.yml as it is written
    search: str  # SPL, one pipe a line, without the rule's filter macro at its end
    macros: str  # conf text of the macros that are the rule's own; may be empty

    @property
    def title(self) -> str:
        return self.about["title"]

    @property
    def order(self) -> int:
        return self.about["order"]

    @property
    def search_name(self) -> str:
        """The name of the saved search, which is also the rule's name in its findings."""
        return f"T1029 - {self.title} - Rule"

    @property
    def filter_macro(self) -> str:
        return f"t1029_{self.slug}_filter"

    @property
    def look_back(self) -> str:
        """How far back the rule searches, as Splunk writes it: -7d@h."""
        return self.about["look_back"]

    @property
    def thresholds(self) -> tuple[Threshold, ...]:
        return tuple(Threshold(**one) for one in self.about["thresholds"])

    @property
    def defaults(self) -> dict[str, Number]:
        """{name without t1029_: default} of the rule's own thresholds."""
        return {one.name: one.default for one in self.thresholds}


@dataclass(frozen=True)
class Upkeep:
    """One folder of upkeep/: a saved search that reports no finding."""

    slug: str
    about: Mapping[str, Any]  # search.yml as it is written
    search: str

    @property
    def order(self) -> int:
        return self.about["order"]

    @property
    def search_name(self) -> str:
        return f"T1029 - {self.about['title']}"


@dataclass(frozen=True)
class Sources:
    """All that the composed files are made from."""

    root: Path
    detections: Mapping[str, Detection]
    upkeep: Mapping[str, Upkeep]
    fields: Fields

    @cached_property
    def values(self) -> dict[str, Any]:
        """What every template may use: the defaults of the app's numbers, and fields.yml."""
        table = self.fields
        shared = {
            "fields": table.fields, "sources": table.sources, "kinds": table.kinds,
            "spellings": table.spellings, "coalesce": table.coalesce, "one": table.one,
            "selected": table.selected, "indexed": table.indexed,
            "known_sourcetypes": table.known_sourcetypes,
            "address_forms": table.address_forms, "told_forms": table.told_forms,
            "unsupported": table.unsupported,
        }  # fmt: skip
        return {**self.defaults, **shared}

    @cached_property
    def defaults(self) -> dict[str, Number]:
        """{name without t1029_: default} of every macro of the app that is a plain number."""
        number = re.compile(r"^\[t1029_(\w+)\]\n(?:.+\n)*?definition = (\d[\d.]*)$", re.MULTILINE)
        shared = "\n".join(self.template(f"macros/{theme}.conf") for theme in THEMES)
        found = {name: yaml.safe_load(written) for name, written in number.findall(shared)}
        for rule in self.detections.values():
            found.update(rule.defaults)
        return found

    @cached_property
    def themes(self) -> dict[str, str]:
        """The macros of each theme as conf text."""
        return {name: fill(self.template(f"macros/{name}.conf"), self.values) for name in THEMES}

    def template(self, path: str) -> str:
        return _text(self.root / path)

    def rule_settings(self, kind: str) -> Mapping[str, object]:
        """The settings of a rule that is a finding, or an intermediate one, in ES."""
        common = _yaml(self.root / "detections/common.yml")
        return {**common["settings"], **common["enterprise_security"][kind]}

    def shared_settings(self, kind: str) -> Mapping[str, object]:
        """The settings that all searches of a kind (detections, upkeep) share."""
        return _yaml(self.root / kind / "common.yml")["settings"]


def load(root: Path = ROOT) -> Sources:
    return Sources(root, detections(root), upkeep(root), fields(root))


def detections(root: Path = ROOT) -> dict[str, Detection]:
    """Every rule by its slug, in the order in which they are listed."""
    return _in_order(detection(folder) for folder in _folders(root / "detections"))


def upkeep(root: Path = ROOT) -> dict[str, Upkeep]:
    """Every saved search that is no rule by its slug, in the order in which they are listed."""
    return _in_order(
        Upkeep(folder.name, _checked(folder / "search.yml", "upkeep"), _text(folder / "search.spl"))
        for folder in _folders(root / "upkeep")
    )


def fields(root: Path = ROOT) -> Fields:
    return Fields(**_checked(root / "fields.yml", "fields"))


def defaults(root: Path = ROOT) -> dict[str, Number]:
    """{name without t1029_: default} of every macro of the app that is a plain number."""
    return load(root).defaults


def detection(folder: Path) -> Detection:
    """A rule's folder; what it lacks is an error that names it."""
    for name in ("oracle.sql", "cases.py"):
        _text(folder / name)
    about = _checked(folder / "detection.yml", "detection")
    if slug_of(about["title"]) != folder.name:
        raise ValueError(f"{folder}: the title calls for a folder {slug_of(about['title'])}")
    own = folder / "macros.conf"
    search = _text(folder / "search.spl")
    return Detection(folder.name, folder, about, search, _text(own) if own.exists() else "")


def slug_of(title: str) -> str:
    """The name of a rule's folder.

    >>> slug_of("Non-standard Port or Unexpected Encryption")
    'non_standard_port_or_unexpected_encryption'
    """
    return re.sub(r"\W+", "_", title.lower())


def _in_order(read: Iterable[Listed]) -> dict[str, Listed]:
    ordered = sorted(read, key=lambda one: one.order)
    for one, following in zip(ordered, ordered[1:]):
        if one.order == following.order:
            raise ValueError(f"{one.slug} and {following.slug} have the same order, {one.order}")
    return {one.slug: one for one in ordered}


def _checked(path: Path, schema: str) -> Any:
    """A YAML file that follows its part of schema.yml."""
    document = _yaml(path)
    faults = Draft202012Validator(SCHEMAS[schema]).iter_errors(document)
    said = [f"{path}: {fault.json_path}: {fault.message}" for fault in faults]
    if said:
        raise ValueError("\n".join(said))
    return document


def _folders(parent: Path) -> list[Path]:
    """The folders that hold a file: what is left of a removed one may hold a cache of Python's."""
    folders = sorted(path for path in parent.iterdir() if path.is_dir())
    return [folder for folder in folders if any(path.is_file() for path in folder.iterdir())]


def _yaml(path: Path) -> Any:
    return yaml.load(_text(path), LOADER)


def _text(path: Path) -> str:
    if not path.exists():
        raise ValueError(f"{path} is missing")
    return path.read_text(encoding="utf-8")
