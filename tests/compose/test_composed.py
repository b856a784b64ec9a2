"""What is composed is what the sources say, and what a source lacks is an error that names it."""

import shutil

import pytest
import yaml

from compose.outputs import outputs
from compose.sources import ROOT, SCHEMAS, detection, detections, load

RULE = "fixed_interval_connections"
LEAST = {
    "name": "interval_risk",
    "default": 6.5,
    "unit": "risk_score (0 to 10)",
    "meaning": "Lowest risk_score that the rule reports.",
}
COMPOSED = outputs(ROOT)
SOURCES = ("detections", "upkeep", "macros", "compose", "default", "lookups", "docs", "fields.yml")


@pytest.mark.parametrize(("path", "composed"), COMPOSED.items(), ids=COMPOSED)
def test_composed_file_is_the_one_that_is_committed(path, composed):
    assert (ROOT / path).read_text(encoding="utf-8") == composed


@pytest.fixture
def folder(tmp_path):
    """A rule's folder, to take something out of it."""
    return shutil.copytree(ROOT / "detections" / RULE, tmp_path / RULE)


@pytest.fixture
def tree(tmp_path):
    """The sources, to change something in them."""
    for name in SOURCES:
        source = ROOT / name
        copied = shutil.copytree if source.is_dir() else shutil.copy
        copied(source, tmp_path / name)
    return tmp_path


def change(folder, **changes):
    """detection.yml with other values; None takes a key out."""
    path = folder / "detection.yml"
    about = {**yaml.safe_load(path.read_text(encoding="utf-8")), **changes}
    kept = {key: value for key, value in about.items() if value is not None}
    path.write_text(yaml.safe_dump(kept, sort_keys=False), encoding="utf-8")


def test_a_whole_folder_is_read(folder):
    assert detection(folder).search_name == "T1029 - Fixed Interval Connections - Rule"


@pytest.mark.parametrize("key", SCHEMAS["detection"]["required"])
def test_missing_part_of_a_rule_is_named(folder, key):
    change(folder, **{key: None})
    with pytest.raises(ValueError, match=f"detection.yml.*'{key}' is a required property"):
        detection(folder)


@pytest.mark.parametrize("name", ["detection.yml", "search.spl", "oracle.sql", "cases.py"])
def test_missing_file_of_a_rule_is_named(folder, name):
    (folder / name).unlink()
    with pytest.raises(ValueError, match=f"{name} is missing"):
        detection(folder)


@pytest.mark.parametrize("key", LEAST)
def test_missing_part_of_a_threshold_is_named(folder, key):
    change(folder, thresholds=[{name: value for name, value in LEAST.items() if name != key}])
    with pytest.raises(ValueError, match=rf"thresholds\[0\]: '{key}' is a required property"):
        detection(folder)


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"blindspots": "misspelt"}, id="unknown-key"),
        pytest.param({"look_back": "7d"}, id="look-back-without-a-sign"),
        pytest.param({"schedule": "* *"}, id="cron-of-two-fields"),
        pytest.param({"throttle": ["dest_ip"]}, id="throttle-without-the-sender"),
        pytest.param({"filter_example": "dest_ip=x"}, id="filter-example-that-is-no-command"),
        pytest.param({"description": "short"}, id="description-of-a-word"),
        pytest.param({"title": "Another Title"}, id="title-of-another-folder"),
        pytest.param({"title": f"F{'a' * 66}"}, id="title-too-long-for-enterprise-security"),
    ],
)
def test_wrong_part_of_a_rule_is_refused(folder, wrong):
    change(folder, **wrong)
    with pytest.raises(ValueError, match=RULE):
        detection(folder)


def test_two_rules_at_one_place_of_the_list_are_refused(tree):
    change(tree / "detections" / RULE, order=10)
    with pytest.raises(ValueError, match="same order, 10"):
        detections(tree)


def test_need_that_no_log_can_meet_is_refused(tree):
    change(tree / "detections" / RULE, needs={"must": {"volume": {"Firewall": "colour"}}})
    with pytest.raises(ValueError, match=f"{RULE}: fields.yml has no kind Firewall with colour"):
        outputs(tree)


def test_prose_that_names_an_unknown_threshold_is_refused(tree):
    change(tree / "detections" / RULE, blind_spots="Fewer than {{ interval_days }} days of data.")
    with pytest.raises(ValueError, match=r"interval_days.*in the text: Fewer than"):
        outputs(tree)


@pytest.mark.parametrize(
    ("stanza", "said"),
    [
        pytest.param("[t1029_scope]\ndefinition = search *", "t1029_scope", id="name-of-another"),
        pytest.param("[t1029_x]\ndefinition = search *", "t1029_x: no description", id="no-word"),
        pytest.param("[t1029_x]\ndescription = All.\ndefinition = *", "t1029_x", id="one-word"),
        pytest.param("[t1029_x]\niseval = 1\ndefinition = *", "t1029_x: iseval", id="code"),
        pytest.param("[other]\ndefinition = search *", "other: a macro's name", id="other-name"),
    ],
)
def test_wrong_macro_is_refused(tree, stanza, said):
    with (tree / "macros/scope.conf").open("a", encoding="utf-8") as file:
        file.write(f"\n{stanza}\n")
    with pytest.raises(ValueError, match=said):
        outputs(tree)


def test_default_of_a_threshold_follows_its_one_place(tree):
    change(tree / "detections" / RULE, thresholds=[LEAST])
    said = outputs(tree)
    assert "definition = 6.5\n" in said["default/macros.conf"]
    assert "a risk_score of 6.5 or more" in said["default/savedsearches.conf"]
    assert load(tree).defaults["interval_risk"] == 6.5
