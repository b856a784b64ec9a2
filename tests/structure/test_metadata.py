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


ADMINISTRATORS, ANALYST = {"admin", "sc_admin"}, "t1029_analyst"
LOOKUP = re.compile(r"outputlookup (?:append=true )?(?:key_field=_key )?(\w+)")


def written_by_people():
    """The lists that macros write: searches write the others."""
    texts = [keys["definition"] for keys in conf("macros").values()]
    return sorted({name for text in texts for name in LOOKUP.findall(text)})


def writers(stanza):
    names = re.search(r"write\s*:\s*\[([^\]]*)\]", META[stanza]["access"]).group(1)
    return {name.strip() for name in names.split(",")}


@pytest.mark.parametrize("stanza", [name for name in META if "access" in META[name]])
def test_only_administrators_write_and_analysts_what_people_decide(stanza):
    by_analysts = stanza.partition("/")[2] in written_by_people()
    assert writers(stanza) == ADMINISTRATORS | ({ANALYST} if by_analysts else set())


@pytest.mark.parametrize("kind", ["collections", "transforms"])
@pytest.mark.parametrize("name", written_by_people())
def test_analysts_write_what_people_decide(kind, name):
    assert ANALYST in writers(f"{kind}/{name}")


def test_an_analyst_is_a_user_and_nothing_more():
    assert conf("authorize") == {f"role_{ANALYST}": {"importRoles": "user"}}


def test_everything_has_an_access_rule():
    assert "access" in META.get("", {})
