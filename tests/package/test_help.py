"""The help views: the pages of docs/ that the menu names, as Splunk Web can show them."""

import re
import xml.etree.ElementTree as ElementTree

import pytest

from compose.help import ADDRESS, VIEW, in_splunk, pages, view

PAGES = pages()
SHOWN = set(PAGES)


@pytest.fixture(scope="module")
def views(package):
    """The help views of the package, by page."""
    folder = package.unpacked / "default/data/ui/views"
    return {
        path.stem[len(VIEW) :]: ElementTree.parse(path).getroot()
        for path in folder.glob(f"{VIEW}*.xml")
    }


def test_package_has_a_view_for_each_page_of_the_menu(views):
    assert set(views) == SHOWN


@pytest.mark.parametrize("page", PAGES)
def test_view_is_a_dashboard_of_the_version_that_splunk_accepts(views, page):
    assert (views[page].tag, views[page].get("version")) == ("dashboard", "1.1")


@pytest.mark.parametrize("page", PAGES)
def test_label_is_the_first_heading_of_the_page(views, page):
    heading = re.search("^# (.+)", PAGES[page].read_text(encoding="utf-8"), re.MULTILINE)[1]
    assert views[page].findtext("label") == heading


@pytest.mark.parametrize("page", PAGES)
def test_tables_stay_tables(views, page):
    rules = re.findall(r"^\|[ :|-]+\|$", PAGES[page].read_text(encoding="utf-8"), re.MULTILINE)
    assert len(list(views[page].iter("table"))) == len(rules)


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_to_headings_that_exist(views, page):
    broken = []
    for link in views[page].iter("a"):
        address, _, anchor = link.get("href").partition("#")
        target = address.replace(ADDRESS, "") if address else page
        ids = {element.get("id") for element in views[target].iter()} if target in views else set()
        if not address.startswith("http") and (
            target not in views or (anchor and anchor not in ids)
        ):
            broken.append(link.get("href"))
    assert broken == []


def test_dollar_signs_are_no_tokens():
    assert "$$result.src$$" in view("# A page\n\n`$result.src$` is the sender.\n", set())


def test_hostile_markup_stays_text():
    written = view("# A page\n\n<script>alert(1)</script> & more\n", set())
    assert "&lt;script&gt;" in written
    assert ElementTree.fromstring(written).find(".//script") is None


def test_link_to_a_file_that_is_not_shown_becomes_text():
    written = view(
        "# A page\n\nSee [the code](../bin/x.py) and [this](sources.md#a).\n", {"sources"}
    )
    links = [link.get("href") for link in ElementTree.fromstring(written).iter("a")]
    assert (links, "the code" in written) == ([f"{ADDRESS}sources#a"], True)


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        pytest.param("https://attack.mitre.org/", "https://attack.mitre.org/", id="elsewhere"),
        pytest.param("#limits", "#limits", id="same-page"),
        pytest.param("what-you-receive.md", f"{ADDRESS}what_you_receive", id="hyphens"),
        pytest.param("missing.md", None, id="page-not-shown"),
        pytest.param("images/overview.png", None, id="picture"),
    ],
)
def test_address_in_splunk(address, shown):
    assert in_splunk(address, {"what_you_receive"}) == shown
