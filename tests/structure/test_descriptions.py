"""Everything that a site's admin meets by name says what it is."""

import re

import pytest

from tests.structure.app_files import ROOT, conf

LONG_ENOUGH = 20  # characters: shorter than that is a name, not a description


@pytest.mark.parametrize("name", conf("macros"))
def test_macro_has_a_description(name):
    assert len(conf("macros")[name].get("description", "")) >= LONG_ENOUGH


@pytest.mark.parametrize("name", conf("savedsearches"))
def test_search_has_a_description(name):
    assert len(conf("savedsearches")[name].get("description", "")) >= LONG_ENOUGH


def comment_above(conf_name, stanza):
    """The comment lines right above a stanza: a conf file of lookups has no key for them."""
    text = (ROOT / f"default/{conf_name}.conf").read_text(encoding="utf-8")
    found = re.search(rf"((?:^#.*\n)+)(?:^[ \t]*\n)?^\[{re.escape(stanza)}\]", text, re.MULTILINE)
    return found.group(1) if found else ""


@pytest.mark.parametrize(
    ("conf_name", "stanza"),
    [(name, stanza) for name in ("transforms", "collections") for stanza in conf(name)],
)
def test_list_has_a_comment_that_describes_it(conf_name, stanza):
    assert len(comment_above(conf_name, stanza)) >= LONG_ENOUGH
