"""The Pythons of this machine, for what must run on those that Splunk carries."""

import glob
import os
import shutil
import sys

import pytest

RUNNING = "{}.{}".format(*sys.version_info[:2])
# What Splunk 9.4 to 10.4 carry, and the one that is here in any case.
PYTHONS = tuple(dict.fromkeys(("3.7", "3.9", "3.13", RUNNING)))


def interpreter(version):
    """The path of a Python of this version: this one, in pyenv or on the PATH; skips without."""
    if version == RUNNING:
        return sys.executable
    in_pyenv = sorted(glob.glob(os.path.expanduser(f"~/.pyenv/versions/{version}.*/bin/python")))
    found = in_pyenv[-1] if in_pyenv else shutil.which(f"python{version}")
    if not found:
        pytest.skip(f"left out: no Python {version} on this machine")
    return found
