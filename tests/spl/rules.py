"""The rules as the tests see them: what compose knows of each, its oracle and its cases."""

from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

from compose import sources
from compose.sources import Detection
from tests.spl.case import Case, Drawn

DAY, HOUR, MINUTE = 86400, 3600, 60
UNITS = {"d": DAY, "h": HOUR, "m": MINUTE}
# How far back every rule's window ends, as common.yml says.
LAG = "-15m@m"

# What a folder's cases.py must define, beside its oracle.sql.
PARTS = {
    "KEY": "the columns that distinguish its rows",
    "CASES": "its cases made by hand",
    "DRAWN": "the events that are drawn at random for it",
}


class Rule(NamedTuple):
    """A rule, its independent query and its cases.

    `scored` are the thresholds that compare what schedulescore gives, each with its column.
    """

    detection: Detection
    query: str
    key: tuple[str, ...]
    cases: tuple[Case, ...]
    drawn: Drawn
    scored: dict[str, str]

    @property
    def slug(self) -> str:
        return self.detection.slug

    @property
    def search(self) -> str:
        return self.detection.search_name

    def window(self, now: float) -> tuple[float, float]:
        """Return the epochs between which it searches."""
        return moment(self.detection.look_back, now), moment(LAG, now)


def moment(modifier: str, now: float) -> float:
    """Return the epoch of a time modifier, in UTC.

    >>> moment("-7d@h", 1_000_000.5), moment("-15m@m", 1_000_000.5)
    (392400.0, 999060.0)
    """
    back, snap = modifier.lstrip("-").split("@")
    earlier = now - int(back[:-1]) * UNITS[back[-1]]
    return earlier // UNITS[snap] * UNITS[snap]


def lacks(folder: Path, module: ModuleType) -> list[str]:
    """Return what a rule's folder lacks to be tested."""
    missing = [] if (folder / "oracle.sql").exists() else ["oracle.sql: its independent query"]
    missing += [
        f"cases.py: {name}, {said}" for name, said in PARTS.items() if not hasattr(module, name)
    ]
    if not any(case.rows for case in getattr(module, "CASES", ())):
        missing.append("cases.py: a case in which it finds something")
    return missing


def cases_of(folder: Path) -> ModuleType:
    """Return the module of a rule's cases; an empty one where there is no file."""
    if not (folder / "cases.py").exists():
        return ModuleType(folder.name)
    return import_module(f"{folder.parent.name}.{folder.name}.cases")


def loaded(detection: Detection) -> Rule:
    module = cases_of(detection.folder)
    missing = lacks(detection.folder, module)
    if missing:
        raise LookupError(f"detections/{detection.slug} lacks " + "; ".join(missing))
    return Rule(
        detection,
        (detection.folder / "oracle.sql").read_text(encoding="utf-8"),
        module.KEY,
        tuple(module.CASES),
        module.DRAWN,
        getattr(module, "SCORED", {}),
    )


RULES = {slug: loaded(detection) for slug, detection in sources.detections().items()}

# The rules that single tests name.
HIGH_VOLUME = RULES["high_volume_transfer_at_specific_intervals"]
RECURRING = RULES["recurring_connections_to_one_destination"]
INTERVAL = RULES["fixed_interval_connections"]
DAILY = RULES["same_time_of_day_on_several_days"]
ROTATION = RULES["one_schedule_to_changing_destinations"]
PROCESS = RULES["process_that_normally_does_not_use_the_network"]
TRAVERSAL = RULES["file_traversal_followed_by_transfer"]
SERVICE = RULES["non_standard_port_or_unexpected_encryption"]
DEVICE = RULES["unknown_hardware_sending_data"]
JOB = RULES["scheduled_job_followed_by_transfer"]
SIGNALS = RULES["several_signals_for_one_sender"]
