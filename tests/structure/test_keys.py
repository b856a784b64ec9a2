"""Every key of every stanza is one that Splunk knows.

The environment variable T1029_SPECS names a folder with Splunk's *.conf.spec files, where the keys
of the saved searches are looked up too.
"""

import os
import re
from pathlib import Path

import pytest

from tests.structure.app_files import CONFS, METADATA, conf, stanzas
from tests.structure.known_keys import KNOWN, unknown_keys


@pytest.mark.parametrize("name", CONFS)
def test_keys_of_each_conf_are_known(name):
    assert name in KNOWN, f"default/{name}.conf is new: add its keys to known_keys.py"
    assert unknown_keys(name, conf(name)) == []


def test_keys_of_the_metadata_are_known():
    assert unknown_keys("default.meta", stanzas(METADATA)) == []


SPECS = os.environ.get("T1029_SPECS")
OF_ENTERPRISE_SECURITY = re.compile(r"action\.(correlationsearch|notable|risk)\b")


@pytest.mark.skipif(not SPECS, reason="T1029_SPECS names no folder of spec files: left out")
def test_keys_of_saved_searches_are_in_the_specifications():
    """A parameter of an action (action.email.format) may stand in alert_actions.conf alone."""
    texts = [Path(SPECS, f"{name}.conf.spec") for name in ("savedsearches", "alert_actions")]
    named = re.findall(r"^([\w.]+)\s*=", "\n".join(map(Path.read_text, texts)), re.MULTILINE)
    general = {f"action.{action}" for action in ("email", "summary_index")}
    specified = {*named, *general, *(f"{action}.{key}" for action in general for key in named)}
    shipped = {key for keys in conf("savedsearches").values() for key in keys}
    own = {key for key in shipped if OF_ENTERPRISE_SECURITY.match(key)}
    assert sorted(shipped - own - specified) == []


@pytest.mark.parametrize(
    ("name", "stanza", "key"),
    [
        pytest.param("savedsearches", "Any", "cron_schedul", id="cron-schedule"),
        pytest.param("savedsearches", "Any", "alert.supress", id="suppress"),
        pytest.param("savedsearches", "Any", "alert.suppress.field", id="suppress-fields"),
        pytest.param("savedsearches", "Any", "dispatch.earliest", id="earliest-time"),
        pytest.param("savedsearches", "Any", "enablesched", id="letter-case"),
        pytest.param("savedsearches", "Any", "action.summary_index.name", id="underscore"),
        pytest.param("savedsearches", "Any", "display.page.search.mode", id="ui-residue"),
        pytest.param("macros", "t1029_any", "defintion", id="macro-definition"),
        pytest.param("macros", "t1029_any", "arg", id="macro-args"),
        pytest.param("transforms", "any", "match-type", id="match-type"),
        pytest.param("collections", "any", "fields.ip", id="collection-field"),
        pytest.param("commands", "any", "streaming", id="ignored-when-chunked"),
        pytest.param("searchbnf", "any-command", "shortdescription", id="search-help"),
        pytest.param("default.meta", "macros", "exports", id="metadata-export"),
        pytest.param("app", "launcher", "verison", id="app-version"),
    ],
)
def test_misspelt_key_is_caught(name, stanza, key):
    assert unknown_keys(name, {stanza: {key: "1"}}) == [f"[{stanza}] {key}"]


@pytest.mark.parametrize(
    ("name", "stanza"),
    [
        pytest.param("app", "lancher", id="app-stanza"),
        pytest.param("macros", "t1029_any(x)", id="macro-arity-not-a-number"),
        pytest.param("searchbnf", "schedulescore", id="command-help-without-suffix"),
        pytest.param("default.meta", "savedsearch", id="metadata-object"),
    ],
)
def test_misspelt_stanza_is_caught(name, stanza):
    assert unknown_keys(name, {stanza: {}}) == [f"[{stanza}]"]


def test_broken_conf_file_is_caught(tmp_path):
    path = tmp_path / "savedsearches.conf"
    path.write_text("[Any]\nsearch = search *\ncron_schedul = 0 3 * * *\n", encoding="utf-8")
    assert unknown_keys("savedsearches", stanzas(path)) == ["[Any] cron_schedul"]
