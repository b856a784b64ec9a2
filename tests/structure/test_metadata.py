"""Who may use what: a search works only where command, macros and lists are exported with it."""

import re

import pytest

from tests.structure.app_files import METADATA, conf, stanzas

META = stanzas(METADATA)
SHIPPED = [
    name
    for name in ("commands", "searchbnf", "macros", "transforms", "savedsearches", "collections")
    if conf(name)
]


@pytest.mark.parametrize("kind", [*SHIPPED, "lookups"])
def test_kind_is_exported(kind):
    assert META.get(kind, META.get("", {})).get("export") == "system"


@pytest.mark.parametrize("stanza", [name for name in META if "access" in META[name]])
def test_only_administrators_write(stanza):
    writers = re.search(r"write\s*:\s*\[([^\]]*)\]", META[stanza]["access"]).group(1)
    assert {name.strip() for name in writers.split(",")} == {"admin", "sc_admin"}


def test_everything_has_an_access_rule():
    assert "access" in META.get("", {})
