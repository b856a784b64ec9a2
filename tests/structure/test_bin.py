"""What runs inside Splunk runs on Splunk's Pythons, with nothing but what Splunk gives it."""

import ast
import os
import subprocess
import sys

import pytest

from tests.interpreters import PYTHONS, interpreter
from tests.structure.app_files import ROOT

SOURCES = sorted(
    path for path in (ROOT / "bin").rglob("*.py") if "lib" not in path.relative_to(ROOT).parts
)
EACH_SOURCE = pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
# Names that came after Python 3.7, the oldest that Splunk 9.4 carries, and that a source written
# on a newer one is likely to use.
NEWER_MODULES = {"zoneinfo", "tomllib", "graphlib"}
NEWER_NAMES = {
    "pairwise", "batched", "bit_count", "removeprefix", "removesuffix", "lcm", "comb", "perm",
    "isqrt", "prod", "dist", "cache", "cached_property", "nextafter", "ulp", "sumprod", "cbrt",
    "quantiles", "fmean", "geometric_mean", "NormalDist", "multimode", "correlation",
}  # fmt: skip
NEWER_KEYWORDS = {("zip", "strict"), ("bisect_left", "key"), ("bisect_right", "key")}


def tree(path):
    return ast.parse(path.read_text(encoding="utf-8"), str(path), feature_version=(3, 9))


def imports(path):
    """The top-level modules that a source imports; its own package is "."."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." if node.level else node.module.split(".")[0]


@EACH_SOURCE
def test_source_is_python_3_9(path):
    assert tree(path)


@EACH_SOURCE
def test_source_imports_the_standard_library_splunklib_and_itself(path):
    own = {".", "splunklib", "scheduled_transfer", "command_input"}
    assert [name for name in imports(path) if name not in own | standard_library()] == []


def standard_library():
    """Names of the standard library; Python 3.9 has no list of them, so its folder is read."""
    if hasattr(sys, "stdlib_module_names"):
        return set(sys.stdlib_module_names)
    folder = os.path.dirname(os.__file__)
    found = {name.split(".")[0] for name in os.listdir(folder)}
    found |= {name.split(".")[0] for name in os.listdir(os.path.join(folder, "lib-dynload"))}
    return (found | set(sys.builtin_module_names)) - {"site-packages"}


@EACH_SOURCE
def test_source_imports_no_module_newer_than_splunks_python(path):
    assert set(imports(path)) & NEWER_MODULES == set()


@EACH_SOURCE
def test_source_uses_no_name_newer_than_splunks_python(path):
    names = {node.attr for node in ast.walk(tree(path)) if isinstance(node, ast.Attribute)}
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ImportFrom) and not node.level:
            names |= {alias.name for alias in node.names}
    assert names & NEWER_NAMES == set()


@EACH_SOURCE
def test_source_uses_no_keyword_newer_than_splunks_python(path):
    calls = [node for node in ast.walk(tree(path)) if isinstance(node, ast.Call)]
    used = {
        (getattr(call.func, "id", getattr(call.func, "attr", "")), keyword.arg)
        for call in calls
        for keyword in call.keywords
    }
    assert used & NEWER_KEYWORDS == set()


@EACH_SOURCE
def test_source_says_what_it_is(path):
    assert ast.get_docstring(tree(path))


@pytest.mark.parametrize("version", PYTHONS)
def test_library_is_imported_by_splunks_python(version):
    said = "from scheduled_transfer import score; print(score('1'))"
    command = [interpreter(version), "-S", "-B", "-c", said]
    ran = subprocess.run(command, cwd=ROOT / "bin", capture_output=True, text=True)
    assert (ran.returncode, ran.stderr) == (0, "")
