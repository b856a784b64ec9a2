"""What searches do to each event by itself runs once, and the results are those of each alone."""

import pytest

from replay import Inputs, SplError, cores, run, run_order, scan

NEWEST = 1767233650.0
EVENTS = tuple(
    {
        "_time": NEWEST - age,
        "sourcetype": "test" if age % 3 else "other",
        "src": f"10.0.0.{age % 4}",
        "bytes": str(age),
        "tag": ["a", "b"] if age % 2 else "a",
    }
    for age in range(12)
)
CASES = {
    "different-ends": (
        "eval n=bytes*2 | where n>4",
        ("stats sum(n) AS n", "stats count BY src", "table src, n"),
    ),
    "one-changes-what-another-reads": (
        "eval n=bytes*2",
        ("where n>10 | table n", "eval n=n+1 | table n", "table n, src"),
    ),
    "multivalues": (
        "eval n=mvcount(tag)",
        ("mvexpand tag | table tag, n", 'eval tag=mvjoin(tag, "+") | table tag', "table tag"),
    ),
    "all-fields-come-out": ("eval n=1", ("fields - n", "fields src | table *", "search bytes>3")),
    "one-stops-early": ("eval n=1 | where bytes>5", ("head 2 | table n", "table n")),
    "filter-before": ("where bytes>5 | eval n=1", ("table n", "stats count")),
    "filter-of-fields-that-were-computed": (
        'eval src="x" . src | search src=x10.0.0.1 bytes>3',
        ("table src, bytes", "stats sum(bytes) AS n BY src"),
    ),
    "a-field-is-of-any-type": (
        'eval n="10", m="x", o=if(bytes>5, "7", null()), p=bytes*1',
        (
            "where n=10 AND n>9 | eval q=n+1, r=m.n, s=n+o, t=if(m>5, 1, 2) | table *",
            'where n="10.0" OR m>5 OR o=7 OR p="3" | stats count BY o, p',
            "eval q=floor(n), r=round(m), s=tonumber(n)+p, t=coalesce(o, p) | table *",
        ),
    ),
    "one-changes-the-row-itself": (
        "eval n=1",
        (
            'rex field=src "(?<bytes>.)$" | stats sum(bytes) AS b BY sourcetype',
            "fillnull bytes, other | eval bytes=other | stats sum(bytes) AS b BY sourcetype",
            "stats sum(bytes) AS b BY sourcetype",
            "stats sum(bytes) AS b, values(other) AS o",
        ),
    ),
    "nothing-to-share": ("rename bytes AS n", ("table n", "stats sum(n)")),
    "by-a-multivalue": ("eval n=1", ("stats sum(n) AS n BY tag", "stats values(tag) AS tag")),
    "other-aggregates-of-the-same-groups": (
        "eval n=bytes*1",
        ("stats sum(n) AS n, max(n) AS m BY src | table n", "stats sum(n) AS n BY src"),
    ),
    "by-the-order-of-events": (
        "eval n=bytes*1",
        ("stats list(n) AS n BY src", "stats first(n) AS n", "stats last(tag) AS n, sum(n) AS m"),
    ),
    "by-time": ("eval n=1", ("stats latest(bytes) AS n BY src", "stats earliest(tag) AS tag")),
    "fractions": ("eval n=bytes/3", ("stats sum(n) AS n", "stats avg(n) AS n, median(n) AS m")),
}


def found(app, *searches, **settings):
    settings = {"inputs": Inputs(events=EVENTS), "app": app, **settings}
    results = run(spl=searches, **settings).results
    return [(result.columns, result.rows, result.stages, result.searched) for result in results]


@pytest.mark.parametrize("first", ["*", "sourcetype=test", "sourcetype=test OR sourcetype=other"])
@pytest.mark.parametrize(("common", "ends"), CASES.values(), ids=CASES)
def test_searches_find_together_what_each_finds_alone(app, common, ends, first):
    # A search between them keeps neighbours from sharing all they have in common.
    searches = [f"{filtered} | {common} | {end}" for end in ends for filtered in (first, "src=*")]
    alone = [found(app, search)[0] for search in searches]
    assert found(app, *searches) == alone


@pytest.mark.parametrize(("common", "ends"), CASES.values(), ids=CASES)
def test_searches_of_several_windows_find_together_what_each_finds_alone(app, common, ends):
    windows = ((-3, 1), (-7, -2), (-20, 1))
    searches = [
        (f"* | {common} | {end}", str(NEWEST + low), str(NEWEST + high))
        for end in ends
        for low, high in windows
    ]
    alone = [found(app, search, now=NEWEST)[0] for search in searches]
    assert found(app, *searches, now=NEWEST) == alone


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
@pytest.mark.parametrize("number", [2, 3])
@pytest.mark.parametrize(("common", "ends"), CASES.values(), ids=CASES)
def test_cores_find_together_what_one_finds(app, monkeypatch, common, ends, number):
    searches = [f"* | {common} | {end}" for end in ends]
    one = found(app, *searches)
    monkeypatch.setattr(cores, "_cores", lambda: number)
    monkeypatch.setattr(run_order, "WORTH_CORES", 0)
    monkeypatch.setattr(run_order, "SHARE", 5)
    assert found(app, *searches) == one


def counting(monkeypatch):
    """Return a list that grows by the events of each scan."""
    scanned = []
    of = scan.Scan.of

    def counted(self, events):
        events = list(events)
        scanned.append(len(events))
        return of(self, events)

    monkeypatch.setattr(scan.Scan, "of", counted)
    return scanned


def test_events_are_scanned_once(app, monkeypatch):
    scanned = counting(monkeypatch)
    found(app, "* | eval n=1 | table n", "src=* | eval n=1 | stats count", "* | eval n=1 | head 3")
    assert scanned == [len(EVENTS)]


@pytest.mark.parametrize(
    "asks",
    [
        pytest.param("eval n=now()", id="eval"),
        pytest.param("eval n=1, m=now(), n=m", id="one-of-several"),
        pytest.param('eval n=if(lower(src)="a", 0, now())', id="inside-what-is-remembered"),
        pytest.param("eval n=1 | stats max(eval(n*now())) AS n", id="stats"),
    ],
)
def test_searches_of_several_times_are_told_each_its_own(own_app, asks):
    text = f"[Ask]\nsearch = * | {asks} | head 1 | table n\n"
    moments = (NEWEST + 1, NEWEST + 60)
    asked = [("Ask", moment) for moment in moments]
    app = own_app(savedsearches=text)
    results = run(asked, inputs=Inputs(events=EVENTS), app=app).results
    assert [result.rows for result in results] == [[{"n": moment}] for moment in moments]


def test_an_error_in_what_is_shared_says_where_it_happened(app):
    common = "* | eval n=1 | eval m=lower(tag)"
    with pytest.raises(SplError, match=r'search "\* .* values\(m\)", command 3 \(eval\): a multi'):
        found(app, f"{common} | stats values(m)", f"src=* | {common[4:]} | table m")


def test_an_error_after_what_is_shared_says_where_it_happened(app):
    with pytest.raises(SplError, match=r"command 4 \(eval\): a multi"):
        found(app, "* | stats count BY src, tag | stats values(tag) AS t BY src | eval m=lower(t)")


def test_what_a_search_stores_is_scanned_too(app):
    settings = {"searches": ["Hourly - Rule"], "inputs": Inputs(events=EVENTS), "app": app}
    shared = "index=* | eval n=1 | eval m=2"
    texts = [f"{shared} | stats count BY n", f"src=* {shared} | stats count"]
    together = run(spl=texts, now=NEWEST + 3600, **settings).results[1:]
    alone = [run(spl=[text], now=NEWEST + 3600, **settings).results[1] for text in texts]
    assert [result.rows for result in together] == [result.rows for result in alone]


RULES = """
[Early - Rule]
search = * | stats count BY sourcetype
dispatch.earliest_time = -1h
dispatch.latest_time = -10s
action.summary_index = 1
[Reading - Rule]
search = index=* | eval m=1 | stats count BY sourcetype
dispatch.earliest_time = -90m
dispatch.latest_time = -5s
"""


@pytest.mark.parametrize("given", ["events", "files"])
def test_windows_that_begin_within_an_hour_are_exact(own_app, tmp_path, given):
    path = tmp_path / "conn.json"
    times = [NEWEST - age for age in range(0, 9000, 50)]
    lines = [f'{{"ts": {time}, "id.orig_h": "10.0.0.1", "proto": "tcp"}}\n' for time in times]
    path.write_text("".join(lines), encoding="utf-8")
    about = {"sourcetype": "bro:conn:json", "index": "main"}
    events = tuple({"_time": time, **about} for time in times)
    inputs = {"events": Inputs(events=events), "files": Inputs(zeek=(str(path),))}[given]
    spl = [("* | stats count", "-10m", "now"), "* | stats count", ("* | stats count", "-9d", "now")]
    app = own_app(savedsearches=RULES)
    found = run(["Early - Rule", "Reading - Rule"], spl, inputs=inputs, app=app)
    counts = [row["count"] for result in found.results for row in result.rows]

    def since(seconds):
        return sum(time >= found.now - seconds for time in times)

    assert counts == [since(3600), since(5400), 1, since(600), len(times), len(times)]


def test_files_are_read_once_and_their_events_forgotten(app, log, monkeypatch):
    scanned = counting(monkeypatch)
    path = log("conn.json", '{"ts": 1767233650, "id.orig_h": "10.0.0.1", "proto": "tcp"}\n' * 5)
    outcome = run(spl=["* | stats count", "* | table proto"], inputs=Inputs(zeek=(path,)), app=app)
    assert scanned == [5]
    assert outcome.events == 5
