"""The README's tree names exactly the top level of the repository."""

import re

import pytest

from tests.structure.app_files import ROOT, in_git, tracked

README = (ROOT / "README.md").read_text(encoding="utf-8")
LINE = re.compile(r"^    ([\w.-]+/?) {2,}(\S.*)$", re.M)


def tree():
    """The entries of the tree with what is said of each; a folder ends in a slash."""
    return dict(LINE.findall(README[README.index("## Repository") :]))


def top_level():
    """The tracked top-level folders and files; files whose name starts with a dot are left out."""
    names = {f"{path.partition('/')[0]}/" if "/" in path else path for path in tracked()}
    return {name for name in names if name.endswith("/") or not name.startswith(".")}


@pytest.mark.skipif(not in_git(), reason="not a git checkout: what is tracked is unknown")
def test_tree_equals_the_top_level():
    assert sorted(tree()) == sorted(top_level())


def test_tree_is_sorted_as_git_lists_it():
    assert list(tree()) == sorted(tree())


def test_readme_is_short():
    assert len(README.splitlines()) <= 150


@pytest.mark.parametrize("target", sorted(set(re.findall(r"make ([a-z-]+)", README))))
def test_make_target_exists(target):
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.search(rf"^{target}:", makefile, re.M)


@pytest.mark.parametrize("path", sorted(set(re.findall(r"\]\((?!http)([^)#]+)", README))))
def test_link_leads_to_a_file(path):
    assert (ROOT / path).is_file()
