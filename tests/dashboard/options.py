"""Which types of items Splunk's dashboards know, and the options of each, from Splunk's schema.

    python -m tests.dashboard.options

writes options.json, so that the views can be checked where there is neither npm nor a browser.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.dashboard.browser import Browser
from tests.dashboard.views import KINDS

KNOWN = Path(__file__).parent / "options.json"

NAMES = "^[a-zA-Z0-9_-]+$"
# Splunk's documentation of chains names it, the schema allows it as any other option.
UNNAMED = {"ds.chain": ["extend"]}

Options = dict[str, dict[str, list[str]]]


def known() -> Options:
    """Return the names of options by kind and type, as of the last time that they were written."""
    return json.loads(KNOWN.read_text(encoding="utf-8"))


def options_of(schema: Mapping[str, Any]) -> Options:
    """Return the names of options by kind and type."""
    return {kind: dict(sorted(_types(schema, kind))) for kind in KINDS}


def _types(schema: Mapping[str, Any], kind: str) -> Iterator[tuple[str, list[str]]]:
    items = schema["properties"][kind]["patternProperties"][NAMES]
    for case in items["allOf"]:
        name = case["if"]["properties"]["type"]["const"]
        options = case["then"]["properties"]["options"]
        yield name, sorted({*_names(options), *UNNAMED.get(name, ())})


def _names(options: Mapping[str, Any]) -> Iterator[str]:
    yield from options.get("properties", ())
    for other in options.get("anyOf", ()):
        yield from other.get("properties", ())


def written(options: Options) -> str:
    """Return options as JSON, a type a line.

    >>> written({"inputs": {"input.text": ["token"]}})
    '{"inputs": {\\n"input.text": ["token"]}}\\n'
    """
    kinds = []
    for kind, types in options.items():
        lines = (f"{json.dumps(name)}: {json.dumps(names)}" for name, names in types.items())
        kinds.append(f"{json.dumps(kind)}: {{\n" + ",\n".join(lines) + "}")
    return "{" + ",\n".join(kinds) + "}\n"


def main() -> None:
    """Write options.json."""
    browser = Browser()
    found = options_of(browser.ask({"schema": True}))
    browser.close()
    KNOWN.write_text(written(found), encoding="utf-8")


if __name__ == "__main__":
    main()
