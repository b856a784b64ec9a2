"""The package, built once, and trees to build others in."""

import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = (
    "bin", "build", "compose", "default", "docs", "lookups", "metadata", "requirements", "static",
)  # fmt: skip


def build(tree, umask="022", **environment):
    """Run package.sh in a tree, and return the finished process."""
    return subprocess.run(
        ["sh", "-c", f"umask {umask}; exec sh ./package.sh"],
        cwd=tree,
        env={**os.environ, "PYTHON": sys.executable, **environment},
        capture_output=True,
        text=True,
    )


class Package(NamedTuple):
    """A built package, its content unpacked, and the time that its files carry."""

    path: Path
    unpacked: Path
    epoch: int


@pytest.fixture(scope="session")
def package(tmp_path_factory):
    """The package of this checkout as `./package.sh` leaves it in dist/."""
    built = build(ROOT)
    assert built.returncode == 0, built.stderr
    path = ROOT / built.stdout.strip()
    unpacked = tmp_path_factory.mktemp("unpacked")
    with tarfile.open(path) as archive:
        epoch = archive.getmembers()[0].mtime
    subprocess.run(["tar", "-xzf", str(path), "-C", str(unpacked)], check=True)
    return Package(path, unpacked / "scheduled_transfer", int(epoch))


@pytest.fixture
def tree(tmp_path, package):
    """A copy of what package.sh reads, somewhere else and not a git checkout."""
    assert package.path.exists(), "building it has fetched the SDK, which the copy takes along"
    copy = tmp_path / "elsewhere"
    unwanted = shutil.ignore_patterns("__pycache__", ".*", "lib", "images")
    for folder in FOLDERS:
        shutil.copytree(ROOT / folder, copy / folder, ignore=unwanted)
    for path in ROOT.iterdir():
        if path.is_file() and not path.name.startswith("."):
            shutil.copy(path, copy)
    return copy


@pytest.fixture
def built_in(tree, package):
    """Builds in the copy, with the time of the first package."""
    return lambda **environment: build(
        tree, **{"SOURCE_DATE_EPOCH": str(package.epoch), **environment}
    )
