"""Every list that a site's administrator meets by name says what it is."""

import re

import pytest

from tests.structure.app_files import ROOT, conf

LONG_ENOUGH = 20  # characters: shorter than that is a name, not a description


def comment_above(conf_name, stanza):
    """The comment lines right above a stanza: a conf file of lookups has no key for them."""
    text = (ROOT / f"default/{conf_name}.conf").read_text(encoding="utf-8")
    found = re.search(rf"((?:^#.*\n)+)(?:^[ \t]*\n)?^\[{re.escape(stanza)}\]", text, re.MULTILINE)
    return found.group(1) if found else ""


@pytest.mark.parametrize("conf_name", ["transforms", "collections"])
def test_each_list_has_a_comment_that_describes_it(conf_name):
    bare = [name for name in conf(conf_name) if len(comment_above(conf_name, name)) < LONG_ENOUGH]
    assert bare == []
