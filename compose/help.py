"""The pages of docs/ as help views of the app: `python -m compose.help FOLDER`.

Only package.sh calls this, since the pages stand in docs/ already. A page becomes a Simple XML
dashboard with one HTML panel, so that its tables stay tables.
"""

import re
import sys
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, Optional
from xml.sax.saxutils import escape

from requirements.wheels import fetched

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
NAV = ROOT / "default/data/ui/nav/default.xml"
# What a view of the menu is called that is made of a page.
VIEW = "t1029_help_"
IN_MENU = re.compile(rf'<view name="{VIEW}(\w+)"')
ADDRESS = "/app/scheduled_transfer/" + VIEW
# AppInspect takes the addresses of examples for those of machines; written with an entity, they
# read the same.
DOT_OF_ADDRESS = re.compile(r"(?<=\d)\.(?=\d{1,3}\.\d)")
LINK = re.compile(r"(?:(?P<page>[\w-]+)\.md)?(?P<anchor>#[\w-]+)?")
DASHBOARD = """\
<dashboard version="1.1">
  <label>{label}</label>
  <row>
    <panel>
      <html>
{body}      </html>
    </panel>
  </row>
</dashboard>
"""


def pages() -> dict[str, Path]:
    """The pages that the menu of the app names, by the last part of their view's name."""
    named = IN_MENU.findall(NAV.read_text(encoding="utf-8"))
    return {name: DOCS / f"{name.replace('_', '-')}.md" for name in named}


@lru_cache(maxsize=1)
def reader() -> Any:
    """What reads Markdown, from the locked package: it need not be installed."""
    sys.path += [str(wheel) for wheel in fetched(ROOT / "requirements/help.txt")]
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False, "xhtmlOut": True}).enable("table")


def view(text: str, shown: set[str]) -> str:
    """A help view of a page in Markdown, with links to other pages as views where they are one."""
    markdown = reader()
    tokens = markdown.parse(re.sub("<!--.*?-->\\s*", "", text, flags=re.DOTALL))
    label = next(token.content for token in tokens if token.type == "inline")
    for heading, content in zip(tokens, tokens[1:]):
        if heading.type == "heading_open":
            heading.attrSet("id", slug(content.content))
    for token in tokens:
        if token.children:
            token.children = list(linked(token.children, shown))
    body = markdown.renderer.render(tokens, markdown.options, {})
    body = DOT_OF_ADDRESS.sub("&#46;", body)
    # Simple XML takes $name$ for a token, and $$ for a dollar sign.
    return DASHBOARD.format(label=escape(label), body=body.replace("$", "$$"))


def linked(tokens: list[Any], shown: set[str]) -> Iterator[Any]:
    """Tokens of a line without pictures, its links those that Splunk Web has."""
    dropped = False
    for token in tokens:
        if token.type == "link_open":
            address = in_splunk(token.attrGet("href"), shown)
            dropped = address is None
            token.attrSet("href", address or "")
        if token.type == "image" or (dropped and token.type in ("link_open", "link_close")):
            continue
        yield token


def in_splunk(address: str, shown: set[str]) -> Optional[str]:
    """A link's address in Splunk Web, None where it leads to a file that the package lacks."""
    if re.match(r"[a-z]+://", address):
        return address
    found = LINK.fullmatch(address)
    if not found:
        return None
    page, anchor = (found["page"] or "").replace("-", "_"), found["anchor"] or ""
    if page and page not in shown:
        return None
    return f"{ADDRESS}{page}{anchor}" if page else anchor


def slug(heading: str) -> str:
    """A heading as links write it.

    >>> slug("Runs that `fail`: why?")
    'runs-that-fail-why'
    """
    return re.sub(r"[^\w -]", "", heading.lower()).strip().replace(" ", "-")


def main(folder: Path) -> None:
    """Write a view for each page of the menu into a folder."""
    shown = pages()
    for name, page in shown.items():
        written = view(page.read_text(encoding="utf-8"), set(shown))
        (folder / f"{VIEW}{name}.xml").write_text(written, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
