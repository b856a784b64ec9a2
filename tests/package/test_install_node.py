"""requirements/install_node.py: nothing to do is done at once, and without npm nothing."""

import os
import subprocess
import sys

import pytest

from tests.package.conftest import ROOT

INSTALL = ROOT / "requirements/install_node.py"


@pytest.fixture
def folder(tmp_path):
    """A folder with a lock that is installed, as its stamp says."""
    (tmp_path / "node_modules").mkdir()
    for name in ("package-lock.json", "node_modules/.installed"):
        (tmp_path / name).write_text("{}\n", encoding="utf-8")
    return tmp_path


@pytest.fixture
def programs(tmp_path):
    """The only folder in which programs are looked for; empty."""
    path = tmp_path / "programs"
    path.mkdir()
    return path


def install(folder, programs):
    command = [sys.executable, str(INSTALL), str(folder)]
    environment = {**os.environ, "PATH": str(programs)}
    return subprocess.run(command, env=environment, capture_output=True, text=True)


def npm(programs, status):
    (programs / "npm").write_text(f"#!/bin/sh\nexit {status}\n", encoding="utf-8")
    (programs / "npm").chmod(0o755)


def test_installed_lock_is_left_alone(folder, programs):
    ran = install(folder, programs)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")


def test_changed_lock_is_installed_again(folder, programs):
    npm(programs, 0)
    (folder / "package-lock.json").write_text('{"packages": {}}\n', encoding="utf-8")
    install(folder, programs)
    assert (folder / "node_modules/.installed").read_text() == '{"packages": {}}\n'


def test_failure_of_npm_is_named(folder, programs):
    npm(programs, 1)
    (folder / "node_modules/.installed").unlink()
    ran = install(folder, programs)
    assert (ran.returncode, "package-lock.json failed" in ran.stderr) == (1, True)


def test_without_npm_it_says_what_is_left_out(folder, programs):
    (folder / "node_modules/.installed").unlink()
    ran = install(folder, programs)
    assert (ran.returncode, "npm is not installed" in ran.stderr) == (0, True)
