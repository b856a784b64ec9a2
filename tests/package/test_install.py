"""requirements/install.py: nothing to do is done at once, and what is missing is named."""

import subprocess
import sys

import pytest

from tests.interpreters import interpreter
from tests.package.conftest import ROOT

INSTALL = ROOT / "requirements/install.py"
WITHOUT_ENSUREPIP = "import runpy, sys; sys.modules['ensurepip'] = None; sys.argv = sys.argv[1:]; "
WITHOUT_ENSUREPIP += "runpy.run_path(sys.argv[0], run_name='__main__')"


@pytest.fixture
def lock(tmp_path):
    """A lock that cannot be installed: trying to would fail."""
    path = tmp_path / "set.txt"
    path.write_text("no-such-package==1.0 --hash=sha256:00\n", encoding="utf-8")
    return path


@pytest.fixture
def environment(tmp_path, lock):
    """An environment in which the lock is installed, as its stamp says."""
    folder = tmp_path / "environment"
    (folder / "bin").mkdir(parents=True)
    python = folder / "bin/python"
    python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n', encoding="utf-8")
    python.chmod(0o755)
    (folder / "set.txt.installed").write_bytes(lock.read_bytes())
    return folder


def install(*arguments, python=(sys.executable,)):
    command = [*python, str(INSTALL), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True)


def test_installed_lock_is_left_alone(environment, lock):
    ran = install(environment, lock)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")


def test_changed_lock_is_installed_again(environment, lock):
    lock.write_text("not a requirement\n", encoding="utf-8")
    ran = install(environment, lock)
    assert (ran.returncode, f"Installing {lock} failed" in ran.stderr) == (1, True)


def test_missing_ensurepip_is_named_by_its_debian_package(tmp_path, lock):
    ran = install(tmp_path / "new", lock, python=(sys.executable, "-c", WITHOUT_ENSUREPIP))
    assert (ran.returncode, "apt-get install python3-venv" in ran.stderr) == (1, True)


def test_old_python_is_told_so(tmp_path, lock):
    ran = install(tmp_path / "new", lock, python=(interpreter("3.7"),))
    assert (ran.returncode, "Python 3.9 or newer is needed" in ran.stderr) == (1, True)
