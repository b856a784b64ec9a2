"""The link of a finding, and its summary in one line, with any values."""

from urllib.parse import parse_qs, urlsplit

import pytest

from replay import Inputs, run
from tests.dashboard.hostile import VALUES
from tests.dashboard.views import VIEWS, substituted, view_of
from tests.spl.events import DAY, HOUR, INSIDE, MB, OUTSIDE, at, nights, zeek

FIRST, LAST = 1767233650, 1767320050
FURTHER = {
    "percent": "100%25 %%s",
    "line-breaks": "a\r\nBcc: everyone@example.com\n\nb\tc",
    "ipv6": "2001:db8::9",
    "ampersands": "&amp;&form.dest=&",
    "unreserved": "a-b_c.d*",
}
EACH_VALUE = pytest.mark.parametrize("value", [*VALUES.values(), *FURTHER.values()])


def linked(**fields):
    """The row of a finding about a day, with its link."""
    event = {"_time": 1.0, "earliest": FIRST + 0.5, "latest": LAST, **fields}
    spl = "* | `t1029_add_link` | eval text=`t1029_plain(text)`"
    (result,) = run(spl=[spl], inputs=Inputs(events=(event,))).results
    return result.rows[0]


def asked_by(link):
    """What a link asks for; each token is asked for once."""
    asked = parse_qs(urlsplit(link).query, keep_blank_values=True, strict_parsing=True)
    assert {len(values) for values in asked.values()} == {1}
    return {name: values[0] for name, values in asked.items()}


def matches(pattern, value):
    """True where a pattern with * fits a value: Investigate takes * for any text."""
    (result,) = run(
        spl=['* | eval found=if(like(value, replace(pattern, "\\*", "%")), 1, 0)'],
        inputs=Inputs(events=({"_time": 1.0, "pattern": pattern, "value": value},)),
    ).results
    return result.rows[0]["found"] == 1


@EACH_VALUE
def test_link_asks_for_the_values_of_the_finding(value):
    link = linked(src=value, dest=value)["link"]
    asked = asked_by(link)
    assert set(asked) == {"form.src", "form.dest", "form.when.earliest", "form.when.latest"}
    assert matches(asked["form.src"], value)
    assert matches(asked["form.dest"], value)


@EACH_VALUE
def test_link_of_ascii_asks_for_exactly_the_value(value):
    if value.isascii() and value.isprintable():
        assert asked_by(linked(src=value, dest="x")["link"])["form.src"] == value


@EACH_VALUE
def test_link_leads_to_the_site_in_plain_characters(value):
    link = linked(src=value, dest=value)["link"]
    parts = urlsplit(link)
    place = ("https", "splunk.example.com:8000", "/app/scheduled_transfer/t1029_investigate")
    assert (parts.scheme, parts.netloc, parts.path, parts.fragment) == (*place, "")
    assert set(link) & set(" <>\"'`\\{}|^\n\r\t") == set()
    assert link.isascii()


def test_link_reaches_a_day_beyond_the_finding():
    asked = asked_by(linked(src="10.1.2.3", dest="203.0.113.9")["link"])
    assert float(asked["form.when.earliest"]) == FIRST - DAY
    assert float(asked["form.when.latest"]) == LAST + DAY


def test_link_of_a_row_about_findings_reaches_to_the_start_of_their_searches():
    link = linked(src="10.1.2.3", since=FIRST - 7 * DAY)["link"]
    assert float(asked_by(link)["form.when.earliest"]) == FIRST - 8 * DAY


@pytest.mark.parametrize(
    ("fields", "dest"),
    [
        pytest.param({"dest": "203.0.113.9"}, "203.0.113.9", id="pair"),
        pytest.param({"dest": ["a.example", "b.example"]}, "*", id="several"),
        pytest.param({}, "*", id="none"),
        pytest.param({"dest": ["a", "b"], "schedule_of": "port 8443"}, "*", id="group-of-a-port"),
        pytest.param(
            {"dest": ["a", "b"], "schedule_of": "domain files.example"},
            "files.example",
            id="domain",
        ),
        pytest.param({"dest": "a", "schedule_of": "name x.example"}, "x.example", id="name"),
    ],
)
def test_link_asks_for_a_destination_or_for_any(fields, dest):
    assert asked_by(linked(src="10.1.2.3", **fields)["link"])["form.dest"] == dest


@EACH_VALUE
def test_text_of_a_subject_is_one_line_without_a_mention(value):
    text = linked(src="x", dest="y", text=value)["text"]
    assert len(text.splitlines()) == 1
    assert text.split() == value.replace("<", " ").replace(">", " ").split()


@pytest.mark.parametrize(
    ("rule", "events"),
    [
        pytest.param(
            "High Volume Transfer at Specific Intervals", nights(5, zeek, 150 * MB), id="nights"
        ),
        # Logged under the time at which it began, an hour before the first that counted.
        pytest.param(
            "Long Connection With High Volume",
            [zeek(at(1, 0), 1250 * MB, duration=25 * HOUR)],
            id="one-long-connection",
        ),
    ],
)
def test_link_of_a_finding_opens_its_pair_in_investigate(rule, events):
    inputs = Inputs(events=tuple({"index": "main", **event} for event in events))
    now = at(24 * 7)
    (found,) = run(searches=[f"T1029 - {rule} - Rule"], inputs=inputs, now=now).results
    asked = asked_by(found.rows[0]["link"])
    tokens = {name.removeprefix("form."): value for name, value in asked.items()}
    query = view_of(VIEWS / "t1029_investigate.xml").sources["ds_known"]["options"]["query"]
    window = (tokens["when.earliest"], tokens["when.latest"])
    (shown,) = run(spl=[(substituted(query, tokens), *window)], inputs=inputs, now=now).results
    assert {(row["src"], row["dest"]) for row in shown.rows[:1]} == {(INSIDE, OUTSIDE)}
