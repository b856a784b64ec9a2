"""Several searches in one run: what the summary-index action stores, and runs at several times."""

import pytest

from replay import InputError, Inputs, SplError, run

HOUR = 3600.0
START = 1767225600.0  # 2026-01-01, midnight UTC


@pytest.fixture
def ran(app):
    """Return a function that runs searches, then texts, over an event every half hour."""
    events = tuple(
        {"_time": START + n * HOUR / 2, "sourcetype": "test", "src": "a", "host": "sensor", "v": v}
        for n, v in enumerate("1234")
    )

    def run_all(*texts, searches=(), events=events, **settings):
        settings.setdefault("now", START + 2 * HOUR)
        inputs = Inputs(events=events)
        found = run(searches=list(searches), spl=texts, inputs=inputs, app=app, **settings)
        return [result.rows for result in found.results]

    return run_all


def stored(ran, name="Found - Rule", index="summary", **settings):
    """Return the events that the runs of one search have stored, newest first."""
    times = settings.pop("times", (None,))
    searches = [name if time is None else (name, time) for time in times]
    return ran(f"index={index}", searches=searches, **settings)[-1]


def test_a_stored_row(ran):
    assert stored(ran, "Hourly - Rule", "hours") == [
        {
            "_time": START + HOUR,
            "index": "hours",
            "source": "Hourly - Rule",
            "sourcetype": "stash",
            "host": "search_head",
            "_indextime": START + 2 * HOUR,
            "search_name": "Hourly - Rule",
            "search_now": "1767232800.000",
            "info_min_time": "1767229200.000",
            "info_max_time": "1767232800.000",
            "info_search_time": "1767232800.000",
            "kind": "hourly",
            "src": "a",
            "count": "2",
        }
    ]


def test_a_row_without_a_time_is_stored_at_the_start_of_the_window(ran):
    assert stored(ran)[0]["_time"] == START - 22 * HOUR


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        pytest.param("_time=1767225600.75", START, id="in-whole-seconds"),
        pytest.param("info_min_time=5, _time=9", 5, id="info-min-time-of-the-row-goes-first"),
    ],
)
def test_time_of_a_stored_row(own_app, row, expected):
    assert _stored_in(own_app, f"| makeresults | eval {row}, a=1")[0]["_time"] == expected


def test_over_all_time_a_row_without_a_time_is_stored_at_the_time_of_the_run(own_app):
    spl = "| makeresults | fields - _time | eval a=1"
    assert _stored_in(own_app, spl, window="")[0]["_time"] == START


def _stored_in(own_app, spl, window="-1h"):
    stanza = f"[S]\nsearch = {spl}\ndispatch.earliest_time = {window}\naction.summary_index = 1\n"
    app = own_app(savedsearches=stanza)
    outcome = run(searches=["S"], spl=["index=summary"], inputs=Inputs(), now=START, app=app)
    return outcome.results[1].rows


def test_a_row_s_own_host_is_orig_host(ran):
    (row,) = stored(ran)
    assert (row["host"], row["orig_host"]) == ("search_head", "sensor")


MULTIVALUES = {
    "lines-of-one-text": ((), "1\n2\n3\n4"),
    "if-limits.conf-says-so": (("collect-splits-multivalues",), ["1", "2", "3", "4"]),
}


@pytest.mark.parametrize(("emulate", "expected"), MULTIVALUES.values(), ids=MULTIVALUES)
def test_stored_multivalue(ran, emulate, expected):
    assert stored(ran, emulate=emulate)[0]["v"] == expected


def test_a_search_without_rows_stores_nothing(ran):
    assert stored(ran, events=({"_time": START, "sourcetype": "other"},)) == []


def test_a_double_quote_is_warned_of(own_app):
    text = '[S]\nsearch = | makeresults | eval a="say \\"hi\\""\naction.summary_index = 1\n'
    outcome = run(searches=["S"], now=START, app=own_app(savedsearches=text))
    assert outcome.warnings == [
        "[S] action.summary_index: a holds a double quote, which Splunk may not read back"
    ]


REFUSED = {
    "internal-field": ("| makeresults | eval _key=1", "", "storing the field _key"),
    "no-time": ('| makeresults | eval _time="x"', "", "'x' is no time"),
    "metric-index": ("| makeresults", "action.summary_index._type = metric", "_type is not"),
    "maybe": ("| makeresults", "action.summary_index = maybe", "neither true nor false"),
}


@pytest.mark.parametrize(("spl", "setting", "named"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_stored(own_app, spl, setting, named):
    lines = ["[S]", f"search = {spl}"]
    lines += ["action.summary_index = 1"] * ("index = " not in setting) + [setting]
    app = own_app(savedsearches="\n".join(lines))
    with pytest.raises((SplError, InputError), match=named):
        run(searches=["S"], now=START, app=app)


SIDS = {
    "name-with-an-underscore": (
        "scheduled_transfer",
        "scheduler__nobody_c2NoZWR1bGVkX3RyYW5zZmVy__",
    ),
    "letters-alone": ("unix", "scheduler__nobody__unix__"),
}


@pytest.mark.parametrize(("app", "begin"), SIDS.values(), ids=SIDS)
def test_a_run_has_the_sid_of_the_scheduler(own_app, app, begin):
    """The second half of the MD5 of Bucket Copy Trigger stands so in Splunk's Search Manual."""
    stanza = "[Bucket Copy Trigger]\nsearch = | makeresults | addinfo\n"
    folder = own_app(savedsearches=stanza, app=f"[package]\nid = {app}\n")
    outcome = run(searches=["Bucket Copy Trigger"], now=START + 0.5, app=folder)
    (row,) = outcome.results[0].rows
    assert row["info_sid"] == f"{begin}RMD5473cbac83d6c9db7_at_{START:.0f}_1"


# ---- which searches see what was stored

SEEN = {
    "by-its-index": ("index=summary | stats count", 1),
    "by-its-source": ('index=summary source="Found - Rule" | stats count', 1),
    "an-ordinary-index": ("index=* sourcetype=stash | stats count", 1),
    "no-default-index": ("sourcetype=stash | stats count", 0),
    "events-are-in-the-default-index": ("sourcetype=test | stats count", 4),
}


@pytest.mark.parametrize(("spl", "count"), SEEN.values(), ids=SEEN)
def test_who_sees_what_was_stored(ran, spl, count):
    assert ran(spl, searches=["Found - Rule"])[-1] == [{"count": count}]


INDEXES = {
    "star-is-no-internal-index": ("index=*", 1),
    "internal-by-its-own-star": ("index=_*", 1),
    "both": ("index=* OR index=_*", 2),
    "by-name": ("index=_internal", 1),
}


@pytest.mark.parametrize(("written", "count"), INDEXES.values(), ids=INDEXES)
def test_internal_indexes(ran, written, count):
    events = tuple({"_time": START, "index": index} for index in ("main", "_internal"))
    assert ran(f"{written} | stats count", events=events)[0] == [{"count": count}]


def test_another_index_must_be_named(ran):
    events = tuple({"_time": START, "index": index} for index in ("main", "other"))
    assert ran("* | stats count", events=events)[0] == [{"count": 1}]


def test_searches_that_begin_alike_see_what_was_stored_between_them(own_app):
    begin = "index=* | eval n=1 | where n=1 | stats count"
    stanzas = [
        f"[{name}]\nsearch = {begin}\ndispatch.earliest_time = -1h\naction.summary_index = 1\n"
        for name in "ABC"
    ]
    app, inputs = (
        own_app(savedsearches="\n".join(stanzas)),
        Inputs(events=({"_time": START, "index": "main"},)),
    )
    outcome = run(searches=["A", "B", "C"], inputs=inputs, now=START + 1, app=app)
    assert [result.rows for result in outcome.results] == [[{"count": n}] for n in (1, 2, 3)]


# ---- runs at several times


def test_each_run_has_its_own_window_and_now(ran):
    times = (START + HOUR, START + 2 * HOUR)
    found = stored(ran, "Hourly - Rule", "hours", times=times)
    assert [(row["_time"], row["search_now"]) for row in found] == [
        (START + HOUR, "1767232800.000"),
        (START, "1767229200.000"),
    ]


def test_a_run_of_the_past_knows_nothing_of_its_future(ran):
    assert ran(searches=[("Helper", START + HOUR)]) == [[{"count": 2}]]


def test_a_rerun_stores_its_rows_twice(ran):
    assert len(stored(ran, times=(START + HOUR, START + HOUR))) == 2


def test_other_searches_keep_the_default_now(app):
    inputs = Inputs(events=({"_time": START, "sourcetype": "test", "src": "a"},))
    chosen = [("Hourly - Rule", START + HOUR), "Helper"]
    assert run(searches=chosen, inputs=inputs, app=app).now == START + 1


def test_nothing_else_can_be_emulated(ran):
    with pytest.raises(InputError, match="nothing called 'x' to emulate; there are: collect"):
        ran("*", emulate=["x"])


WEEK = 7 * 24 * HOUR
LEARN_AND_DETECT = {
    "savedsearches": """
[Learn]
search = sourcetype=test | stats count BY src | outputlookup key_field=src known
dispatch.earliest_time = -7d

[Detect]
search = sourcetype=test | stats count BY src | lookup known src OUTPUT count AS before \\
| where isnull(before)
dispatch.earliest_time = -7d
""",
    "transforms": """
[known]
external_type = kvstore
collection = known
fields_list = src, count
""",
    "collections": "[known]\nfield.count = number\n",
}


def test_learn_on_week_one_and_detect_on_week_two(own_app):
    found = [(1, "a"), (2, "b"), (8, "a"), (9, "new")]
    events = tuple(
        {"_time": START + day * 24 * HOUR, "sourcetype": "test", "src": src} for day, src in found
    )
    searches = [("Learn", START + WEEK), ("Detect", START + 2 * WEEK)]
    outcome = run(searches=searches, inputs=Inputs(events=events), app=own_app(**LEARN_AND_DETECT))
    assert outcome.results[1].rows == [{"src": "new", "count": 1}]
