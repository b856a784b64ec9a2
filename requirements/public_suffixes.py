"""Make lookups/t1029_public_suffixes.csv from the Public Suffix List of the locked package.

    python requirements/public_suffixes.py

The package is fetched with pip, once for each release, and kept in build/. Columns of the lookup:
suffix; kind (normal, wildcard or exception); section of the list (icann or private);
domain_labels, how many labels a registered domain has whose longest listed ending is the suffix.
Names in other scripts have two rows: as people write them, and in ASCII as logs do.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from typing import NamedTuple

from wheels import ROOT, fetched

LOCK = ROOT / "requirements/public_suffixes.txt"
LOOKUP = ROOT / "lookups/t1029_public_suffixes.csv"
LIST = "publicsuffixlist/public_suffix_list.dat"

# Labels of a registered domain beyond those of the suffix. What a wildcard matches is a suffix of
# one label more; an exception is a registered domain itself.
FURTHER_LABELS = {"normal": 1, "wildcard": 2, "exception": 0}
SECTION = re.compile(r"// ===BEGIN (\w+) DOMAINS===")


class Rule(NamedTuple):
    """A rule of the list, without its mark."""

    suffix: str
    kind: str
    section: str


def rules(text: str) -> Iterator[Rule]:
    """The rules of the list in order."""
    section = ""
    for line in text.splitlines():
        started = SECTION.match(line)
        if started:
            section = started[1].lower()
        elif line.strip() and not line.startswith("//"):
            rule = line.split()[0].lower()
            kind = {"*": "wildcard", "!": "exception"}.get(rule[0], "normal")
            yield Rule(re.sub(r"^(\*\.|!)", "", rule), kind, section)


def by_suffix(text: str) -> dict[str, Rule]:
    """One rule for each spelling of a suffix; ValueError where rules contradict each other."""
    found: dict[str, Rule] = {}
    for rule in rules(text):
        for spelling in {rule.suffix, rule.suffix.encode("idna").decode("ascii")}:
            kinds = {rule.kind, found.get(spelling, rule).kind}
            if "exception" in kinds and len(kinds) > 1:
                raise ValueError(f"{spelling} is an exception and none")
            # What a wildcard stands below is a suffix too: it says what a normal rule says.
            if rule.kind == "wildcard" or spelling not in found:
                found[spelling] = rule
    return found


def table(text: str) -> bytes:
    """The lookup."""
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(("suffix", "kind", "section", "domain_labels"))
    for spelling, rule in sorted(by_suffix(text).items()):
        labels = spelling.count(".") + 1 + FURTHER_LABELS[rule.kind]
        writer.writerow((spelling, rule.kind, rule.section, labels))
    return lines.getvalue().encode("utf-8")


def make() -> None:
    """Write the lookup where it differs from the locked release."""
    [wheel] = fetched(LOCK)
    with zipfile.ZipFile(wheel) as package:
        content = table(package.read(LIST).decode("utf-8"))
    if not LOOKUP.exists() or LOOKUP.read_bytes() != content:
        LOOKUP.write_bytes(content)


if __name__ == "__main__":
    make()
