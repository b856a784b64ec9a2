"""The locks: one release of each package, known by its hash, from no place in particular."""

import json
import re

import pytest

from tests.structure.app_files import ROOT

LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
WISHES = sorted((ROOT / "requirements").glob("*.in"))
DASHBOARD = ROOT / "tests/dashboard"
NODE_LOCK = json.loads((DASHBOARD / "package-lock.json").read_text(encoding="utf-8"))
PIN = re.compile(r"^([\w.-]+)==([\w.]+)(?: ; (.*?))? \\?$", re.MULTILINE)
EACH_LOCK = pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.stem)


def pins(lock):
    """{(package, condition): version} of a lock."""
    text = lock.read_text(encoding="utf-8")
    return {(name, where): version for name, version, where in PIN.findall(text)}


@EACH_LOCK
def test_lock_pins_something(lock):
    assert pins(lock)


@EACH_LOCK
def test_lock_names_no_place(lock):
    text = lock.read_text(encoding="utf-8")
    assert re.findall(r"://|--(?:extra-)?index-url|--find-links|file:|@ ", text) == []


@EACH_LOCK
def test_every_release_has_its_hash(lock):
    text = lock.read_text(encoding="utf-8")
    releases = re.split(r"^(?=[\w-]+==)", text, flags=re.MULTILINE)[1:]
    assert [one.split()[0] for one in releases if "--hash=sha256:" not in one] == []


@pytest.mark.parametrize("wish", WISHES, ids=lambda path: path.stem)
def test_lock_is_there_for_each_set(wish):
    assert wish.with_suffix(".txt") in LOCKS


@pytest.mark.parametrize("wish", WISHES, ids=lambda path: path.stem)
def test_lock_follows_what_was_asked_for(wish):
    asked = re.findall(r"^([\w-]+)==([\w.]+)", wish.read_text(encoding="utf-8"), re.MULTILINE)
    locked = {(name, version) for (name, _), version in pins(wish.with_suffix(".txt")).items()}
    assert set(asked) - locked == set()


def test_locks_agree_on_every_release():
    versions = {}
    for lock in LOCKS:
        for name, version in pins(lock).items():
            versions.setdefault(name, set()).add(version)
    assert {name: found for name, found in versions.items() if len(found) > 1} == {}


def node_packages():
    """{path in node_modules: what the lock says of it}; the folder itself is left out."""
    return {path: about for path, about in NODE_LOCK["packages"].items() if path}


def test_node_lock_names_no_place():
    assert [path for path, about in node_packages().items() if "resolved" in about] == []


def test_every_node_package_has_its_hash():
    assert [path for path, about in node_packages().items() if "integrity" not in about] == []


def test_node_lock_follows_what_was_asked_for():
    asked = json.loads((DASHBOARD / "package.json").read_text(encoding="utf-8"))["dependencies"]
    locked = {name: NODE_LOCK["packages"][f"node_modules/{name}"]["version"] for name in asked}
    assert asked == locked
