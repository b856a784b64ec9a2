"""The version is written in four places, which must agree."""

import json
import re

import pytest

from tests.structure.app_files import ROOT, conf

MANIFEST = json.loads((ROOT / "app.manifest").read_text(encoding="utf-8"))
VERSION = MANIFEST["info"]["id"]["version"]


def newest_in_changelog():
    """The newest version that was released; what is not released yet may stand before it."""
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    return re.search(r"^## (?!Unreleased)(\S+)", text, re.MULTILINE).group(1)


def test_oldest_splunk_of_the_manifest_is_that_of_the_readme():
    # The views need it. slim and Splunkbase take no release after 8.0 in platformRequirements.
    said = re.search(r"Needs Splunk ([\d.]+) or later", MANIFEST["info"]["description"])
    read = re.search(r"\bSplunk ([\d.]+) to ", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert said[1] == read[1]


def test_version_is_semantic():
    assert re.fullmatch(r"\d+\.\d+\.\d+(-[\w.]+)?", VERSION)


@pytest.mark.parametrize("stanza", ["id", "launcher"])
def test_version_of_app_conf_is_that_of_the_manifest(stanza):
    assert conf("app")[stanza]["version"] == VERSION


def test_newest_release_in_the_changelog_is_that_of_the_manifest():
    assert newest_in_changelog() == VERSION


@pytest.mark.parametrize(("stanza", "key"), [("id", "name"), ("package", "id")])
def test_app_id_of_app_conf_is_that_of_the_manifest(stanza, key):
    assert conf("app")[stanza][key] == MANIFEST["info"]["id"]["name"]


@pytest.mark.parametrize(
    ("key", "said"),
    [("label", MANIFEST["info"]["title"]), ("description", MANIFEST["info"]["description"])],
)
def test_words_of_app_conf_are_those_of_the_manifest(key, said):
    assert said in (conf("app")["ui"].get(key), conf("app")["launcher"].get(key))
