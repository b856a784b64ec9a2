"""What people write (detections, upkeep searches, macros by theme, fields): read and checked."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Optional, Union

import yaml

ROOT = Path(__file__).parents[1]
Number = Union[int, float]


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
    about: dict[str, Any]  # detection.yml as it is written
    search: str  # SPL, one pipe a line
    macros: str  # conf text of the macros that are the rule's own; may be empty

    @property
    def title(self) -> str:
        return self.about["title"]

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
    about: dict[str, Any]
    search: str

    @property
    def search_name(self) -> str:
        return f"T1029 - {self.about['title']}"


def slug_of(title: str) -> str:
    """
    >>> slug_of("Non-standard Port or Unexpected Encryption")
    'non_standard_port_or_unexpected_encryption'
    """
    return re.sub(r"\W+", "_", title.lower())


def detections(root: Path = ROOT) -> dict[str, Detection]:
    """Every rule by its slug, in the order in which they are listed."""
    read = [_detection(folder) for folder in _folders(root / "detections")]
    return {one.slug: one for one in sorted(read, key=lambda one: one.about["order"])}


def upkeep(root: Path = ROOT) -> dict[str, Upkeep]:
    """Every saved search that is no rule by its slug, in the order in which they are listed."""
    read = [
        Upkeep(folder.name, _yaml(folder / "search.yml"), _text(folder / "search.spl"))
        for folder in _folders(root / "upkeep")
    ]
    return {one.slug: one for one in sorted(read, key=lambda one: one.about["order"])}


def defaults(root: Path = ROOT) -> dict[str, Number]:
    """{name without t1029_: default} of every macro of the app that is a plain number."""
    found: dict[str, Number] = {}
    for path in sorted((root / "macros").glob("*.conf")):
        stanzas = re.findall(r"^\[t1029_(\w+)\]$(.*?)(?=^\[|\Z)", _text(path), re.M | re.S)
        for name, keys in stanzas:
            number = re.search(r"^definition = (\d+(?:\.\d+)?)$", keys, re.M)
            if number:
                found[name] = yaml.safe_load(number.group(1))
    for one in detections(root).values():
        found.update(one.defaults)
    return found


def common(root: Path, kind: str) -> dict[str, Any]:
    """The settings that all searches of a kind (detections, upkeep) share."""
    return _yaml(root / kind / "common.yml")


def theme(root: Path, name: str) -> str:
    """The macros of one theme, as conf text."""
    return _text(root / "macros" / f"{name}.conf")


def _detection(folder: Path) -> Detection:
    about = _yaml(folder / "detection.yml")
    if slug_of(about["title"]) != folder.name:
        raise ValueError(f"{folder}: the title {about['title']!r} makes {slug_of(about['title'])}")
    own = _optional_text(folder / "macros.conf")
    return Detection(folder.name, folder, about, _text(folder / "search.spl"), own or "")


def _folders(parent: Path) -> list[Path]:
    return sorted(path for path in parent.iterdir() if path.is_dir())


def _yaml(path: Path) -> dict[str, Any]:
    return yaml.safe_load(_text(path))


def _optional_text(path: Path) -> Optional[str]:
    return _text(path) if path.exists() else None


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")
