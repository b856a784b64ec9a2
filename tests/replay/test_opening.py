"""What searches begin with runs once for each event, and the results are those of each alone."""

import pytest

from replay import Inputs, SplError, opening, run

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
CASES = [
    pytest.param(
        "eval n=bytes*2 | where n>4",
        ("stats sum(n) AS n", "stats count BY src", "table src, n"),
        id="different-ends",
    ),
    pytest.param(
        "eval n=bytes*2",
        ("where n>10 | table n", "eval n=n+1 | table n", "table n, src"),
        id="one-changes-what-another-reads",
    ),
    pytest.param(
        "eval n=mvcount(tag)",
        ("mvexpand tag | table tag, n", 'eval tag=mvjoin(tag, "+") | table tag', "table tag"),
        id="multivalues",
    ),
    pytest.param(
        "eval n=1",
        ("fields - n", "fields src | table *", "search bytes>3"),
        id="all-fields-come-out",
    ),
    pytest.param("eval n=1 | where bytes>5", ("head 2 | table n", "table n"), id="one-stops-early"),
    pytest.param("where bytes>5 | eval n=1", ("table n", "stats count"), id="filter-before"),
    pytest.param("rename bytes AS n", ("table n", "stats sum(n)"), id="nothing-to-share"),
]


def found(app, *searches, **settings):
    settings = {"inputs": Inputs(events=EVENTS), "app": app, **settings}
    results = run(spl=searches, **settings).results
    return [(result.columns, result.rows, result.stages, result.searched) for result in results]


@pytest.mark.parametrize("first", ["*", "sourcetype=test", "sourcetype=test OR sourcetype=other"])
@pytest.mark.parametrize(("common", "ends"), CASES)
def test_searches_find_together_what_each_finds_alone(app, common, ends, first):
    # A search between them keeps neighbours from sharing all they have in common.
    searches = [f"{filtered} | {common} | {end}" for end in ends for filtered in (first, "src=*")]
    alone = [found(app, search)[0] for search in searches]
    assert found(app, *searches) == alone


def counting(monkeypatch):
    """Return a list that grows by each event that is computed instead of recalled."""
    computed = []
    of = opening.Outcomes.of

    def counted(self, event, compute):
        return of(self, event, lambda row: computed.append(row) or compute(row))

    monkeypatch.setattr(opening.Outcomes, "of", counted)
    return computed


def test_an_event_is_computed_once(app, monkeypatch):
    computed = counting(monkeypatch)
    found(app, "* | eval n=1 | table n", "src=* | eval n=1 | stats count", "* | eval n=1 | head 3")
    assert len(computed) == len(EVENTS)


@pytest.mark.parametrize(
    "asks",
    [
        pytest.param("eval n=now()", id="eval"),
        pytest.param("eval n=1, m=time()", id="one-of-several"),
        pytest.param('eval n=if(lower(src)="a", now(), 0)', id="inside-what-is-remembered"),
    ],
)
def test_what_asks_for_the_time_is_not_shared(app, monkeypatch, asks):
    computed = counting(monkeypatch)
    found(app, f"* | {asks} | table n", f"src=* | {asks} | table n")
    assert computed == []


def test_searches_of_several_times_are_told_each_its_own(tmp_path):
    conf = tmp_path / "default" / "savedsearches.conf"
    conf.parent.mkdir()
    conf.write_text("[Ask]\nsearch = * | eval n=1 | eval n=now() | head 1 | table n\n")
    moments = (NEWEST + 1, NEWEST + 60)
    asked = [("Ask", moment) for moment in moments]
    results = run(asked, inputs=Inputs(events=EVENTS), app=tmp_path).results
    assert [result.rows for result in results] == [[{"n": moment}] for moment in moments]


def test_an_error_in_what_is_shared_says_where_it_happened(app):
    common = "* | eval n=1 | eval m=lower(tag)"
    with pytest.raises(SplError, match=r'search "\* .* stats count", command 3 \(eval\): a multi'):
        found(app, f"{common} | stats count", f"src=* | {common[4:]} | table m")


def test_what_a_search_stores_is_computed_too(app):
    settings = {"searches": ["Hourly - Rule"], "inputs": Inputs(events=EVENTS), "app": app}
    shared = "index=* | eval n=1 | eval m=2"
    texts = [f"{shared} | stats count BY n", f"src=* {shared} | stats count"]
    together = run(spl=texts, now=NEWEST + 3600, **settings).results[1:]
    alone = [run(spl=[text], now=NEWEST + 3600, **settings).results[1] for text in texts]
    assert [result.rows for result in together] == [result.rows for result in alone]
