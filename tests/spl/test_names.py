"""The registered domain of a name, by t1029_domain and by the locked package of the list."""

import random
import re
from pathlib import Path

import publicsuffixlist
import pytest

from replay import Inputs, run
from replay.conf import read_conf
from replay.engine import APP
from replay.errors import InputError
from replay.lookups import read_csv
from tests.spl.events import NEW_YEAR, write_json_lines

PACKAGE = Path(publicsuffixlist.__file__).parent
LIST = publicsuffixlist.PublicSuffixList()
SUFFIXES = [row["suffix"] for row in read_csv(APP / "lookups/t1029_public_suffixes.csv")[1]]
VECTORS = re.findall(
    r"^checkPublicSuffix\('([^.'][^']*)', (?:'(.*)'|null)\);",
    (PACKAGE / "test_psl.txt").read_text(encoding="utf-8"),
    re.MULTILINE,
)
DRAWN = 3000


@pytest.fixture
def domains(tmp_path):
    """Return a function from names to their domains by the shipped macro."""

    def found(names):
        events = [{"_time": NEW_YEAR, "sourcetype": "t", "dest_name": name} for name in names]
        write_json_lines(tmp_path / "names.json", events)
        spl = "sourcetype=t | `t1029_domain` | table dest_name, dest_domain"
        rows = run(spl=[spl], inputs=Inputs(json=(str(tmp_path / "names.json"),))).results[0].rows
        return {row["dest_name"]: row.get("dest_domain") for row in rows}

    return found


def by_the_package(names):
    """The domains as the package has them; a public suffix stands for itself."""
    return {name: LIST.privatesuffix(name) or name for name in names}


@pytest.mark.parametrize("below", ["", "a.", "b.a.", "c.b.a."])
def test_below_every_suffix_the_domain_is_that_of_the_package(domains, below):
    names = [below + suffix for suffix in SUFFIXES]
    assert domains(names) == by_the_package(names)


def test_drawn_names_have_the_domain_of_the_package(domains):
    draw = random.Random(14)
    labels = sorted({label for suffix in SUFFIXES for label in suffix.split(".")})
    names = [
        ".".join([*draw.choices(labels, k=draw.randrange(4)), draw.choice(SUFFIXES)])
        for _ in range(DRAWN)
    ]
    assert domains(names) == by_the_package(names)


def test_the_vectors_of_the_list_hold(domains):
    expected = {name.lower(): domain.lower() or name.lower() for name, domain in VECTORS}
    assert len(expected) > 50
    assert domains(expected) == expected


@pytest.mark.parametrize(
    ("name", "domain"),
    [
        pytest.param("backup-7.s3.amazonaws.com", "backup-7.s3.amazonaws.com", id="bucket"),
        pytest.param("a.backup-7.s3.amazonaws.com", "backup-7.s3.amazonaws.com", id="below-it"),
        pytest.param("s3.amazonaws.com", "s3.amazonaws.com", id="shared-service-itself"),
        pytest.param("X1.blob.core.windows.net", "X1.blob.core.windows.net", id="upper-case"),
        pytest.param("192.0.2.7", None, id="address"),
        pytest.param("2001:db8::7", None, id="address-version-6"),
    ],
)
def test_what_a_name_is_part_of(domains, name, domain):
    assert domains([name]) == {name: domain}


def test_a_row_without_a_name_has_no_domain():
    rows = run(spl=["| makeresults | `t1029_domain`"]).results[0].rows
    assert [row.get("dest_domain") for row in rows] == [None]


def test_no_suffix_has_more_labels_than_are_looked_up():
    definition = read_conf(APP, "macros")["t1029_domain_labels(1)"]["definition"]
    looked_up = max(int(tail) for tail in re.findall(r"suffix AS tail_(\d+)", definition))
    assert max(suffix.count(".") + 1 for suffix in SUFFIXES) <= looked_up


def test_a_missing_lookup_names_the_command_that_makes_it(tmp_path):
    with pytest.raises(InputError, match=r"make it: python3 requirements/public_suffixes\.py"):
        read_csv(tmp_path / "t1029_public_suffixes.csv")
