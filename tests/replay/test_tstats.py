"""tstats over the data model of network traffic, append, and rename with wildcards."""

import pytest

from replay import Inputs, SplError, run

ZEEK = {
    "_time": 1767233650.5,
    "sourcetype": "bro:conn:json",
    "source": "conn.log",
    "host": "sensor",
    "index": "main",
    "id.orig_h": "10.0.0.1",
    "id.orig_p": "50000",
    "id.resp_h": "203.0.113.9",
    "id.resp_p": "443",
    "proto": "TCP",
    "service": "ssl",
    "orig_bytes": "300",
    "resp_bytes": "20",
    "orig_l2_addr": "00:00:5E:00:53:01",
}
FORTIGATE = {
    "_time": 1767233651.0,
    "sourcetype": "fortigate_traffic",
    "source": "firewall_logs",
    "host": "fw",
    "index": "main",
    "src_ip": "10.0.0.2",
    "dest_ip": "203.0.113.9",
    "bytes": "50",
    "bytes_in": "10",
    "action": "allowed",
    "dvc": "fw",
}
SYSMON = {
    "_time": 1767233652.0,
    "sourcetype": "XmlWinEventLog",
    "src_ip": "10.0.0.3",
    "dest_ip": "203.0.113.9",
}
FROM = "FROM datamodel=Network_Traffic.All_Traffic"


@pytest.fixture
def tstats(app):
    """Return a function from what follows tstats to the rows over the events above."""

    def found(written, *events, tail="", **settings):
        inputs = Inputs(events=events or (ZEEK, FORTIGATE, SYSMON))
        spl = f"| tstats {written} | rename All_Traffic.* AS * {tail}"
        return run(spl=[spl], inputs=inputs, app=app, **settings).results[0].rows

    return found


def test_zeek_and_firewalls_have_a_place_and_sysmon_has_none(tstats):
    assert tstats(f"count {FROM} BY All_Traffic.src_ip") == [
        {"src_ip": "10.0.0.1", "count": 1},
        {"src_ip": "10.0.0.2", "count": 1},
    ]


ZEEK_FIELDS = {
    "src": "10.0.0.1", "src_port": "50000", "dest": "203.0.113.9", "dest_ip": "203.0.113.9",
    "dest_port": "443", "transport": "tcp", "app": "ssl", "bytes_out": "300", "bytes_in": "20",
    "bytes": "320", "src_mac": "00:00:5e:00:53:01", "dvc": "sensor", "action": "unknown",
    "user": "unknown", "rule": "unknown",
}  # fmt: skip
FIREWALL_FIELDS = {
    "src": "10.0.0.2", "dest": "203.0.113.9", "action": "allowed", "bytes_out": "40",
    "bytes_in": "10", "bytes": "50", "dest_port": "0", "src_port": "0", "transport": "unknown",
    "dvc": "fw", "app": None, "src_mac": None,
}  # fmt: skip


MODEL = [
    pytest.param(event, *item, id=f"{event['sourcetype']}-{item[0]}")
    for event, fields in ((ZEEK, ZEEK_FIELDS), (FORTIGATE, FIREWALL_FIELDS))
    for item in fields.items()
]


@pytest.mark.parametrize(("event", "field", "expected"), MODEL)
def test_fields_of_the_model(tstats, event, field, expected):
    (row,) = tstats(f"count, values(All_Traffic.{field}) AS found {FROM}", event)
    assert row.get("found") == expected


SOURCES = [
    pytest.param({"sourcetype": "zeek:conn"}, 1, id="zeek-tsv"),
    pytest.param({"sourcetype": "corelight_conn"}, 1, id="corelight"),
    pytest.param({"sourcetype": "bro:dns:json"}, 0, id="zeek-dns"),
    pytest.param({"sourcetype": "x", "source": "zeek_conn.log"}, 1, id="published-source"),
    pytest.param({"sourcetype": "pan:traffic"}, 1, id="palo-alto"),
    pytest.param({"sourcetype": "pan:threat"}, 0, id="palo-alto-threat"),
    pytest.param({"sourcetype": "stash"}, 0, id="stored-rows"),
]


@pytest.mark.parametrize(("changed", "count"), SOURCES)
def test_what_is_network_traffic(tstats, changed, count):
    assert tstats(f"count {FROM}", {**ZEEK, **changed}) == [{"count": count}]


def test_zeek_add_ons_that_swap_the_bytes(tstats):
    sums = "sum(All_Traffic.bytes_out) AS o, sum(All_Traffic.bytes_in) AS i"
    assert tstats(f"{sums} {FROM}", ZEEK, emulate=["zeek-bytes-swapped"]) == [{"o": 20, "i": 300}]


def test_a_firewall_s_bytes_are_not_swapped(tstats):
    found = tstats(
        f"sum(All_Traffic.bytes_in) AS i {FROM}", FORTIGATE, emulate=["zeek-bytes-swapped"]
    )
    assert found == [{"i": 10}]


CLAUSES = [
    pytest.param(f"count {FROM}", [{"count": 2}], id="count"),
    pytest.param(f"count {FROM} WHERE All_Traffic.app=ssl", [{"count": 1}], id="where"),
    pytest.param(f"count {FROM} where All_Traffic.app=SSL", [{"count": 1}], id="ignores-case"),
    pytest.param(f'count {FROM} where All_Traffic.app="s*"', [{"count": 1}], id="where-wildcard"),
    pytest.param(
        f"count {FROM} where All_Traffic.dest_port IN (443, 80)", [{"count": 1}], id="where-IN"
    ),
    pytest.param(f"count {FROM} where All_Traffic.bytes_out>100", [{"count": 1}], id="where-order"),
    pytest.param(
        f"count {FROM} where NOT All_Traffic.action=allowed index=*", [{"count": 1}], id="where-NOT"
    ),
    pytest.param(
        f"count {FROM} where All_Traffic.src_ip=10.0.0.0/30", [{"count": 2}], id="where-network"
    ),
    pytest.param(
        f"count {FROM} BY All_Traffic.app", [{"app": "ssl", "count": 1}], id="null-by-is-dropped"
    ),
    pytest.param(
        f"fillnull_value=none count {FROM} BY All_Traffic.app",
        [{"app": "none", "count": 1}, {"app": "ssl", "count": 1}],
        id="fillnull-value",
    ),
    pytest.param(
        f"summariesonly=t allow_old_summaries=true count {FROM}", [{"count": 2}], id="summariesonly"
    ),
    pytest.param(
        "count from datamodel=Network_Traffic by _time span=1h, sourcetype",
        [
            {"_time": 1767232800.0, "sourcetype": "bro:conn:json", "count": 1},
            {"_time": 1767232800.0, "sourcetype": "fortigate_traffic", "count": 1},
        ],
        id="by-hour-and-sourcetype",
    ),
    pytest.param(
        f"min(_time) AS a, max(_time) AS b, dc(All_Traffic.src) AS n {FROM} BY All_Traffic.dest_ip",
        [{"dest_ip": "203.0.113.9", "a": 1767233650.5, "b": 1767233651.0, "n": 2}],
        id="times-and-distinct",
    ),
    pytest.param(
        f"count {FROM} BY _time, All_Traffic.dest_ip span=1s",
        [
            {"_time": 1767233650.0, "dest_ip": "203.0.113.9", "count": 1},
            {"_time": 1767233651.0, "dest_ip": "203.0.113.9", "count": 1},
        ],
        id="span-at-the-end",
    ),
    pytest.param(
        f"sum(All_Traffic.bytes_out) {FROM} WHERE All_Traffic.app=x BY All_Traffic.src",
        [],
        id="nothing-found",
    ),
]


@pytest.mark.parametrize(("written", "expected"), CLAUSES)
def test_clauses(tstats, written, expected):
    found = tstats(written)
    for row in found:
        row.update((name, float(row[name])) for name in ("_time",) if name in row)
    assert found == expected


def test_columns(app):
    spl = f"| tstats count, sum(All_Traffic.bytes) AS b {FROM} BY All_Traffic.src"
    found = run(spl=[f"{spl} | rename All_Traffic.* AS *"], inputs=Inputs(), app=app, now=0.0)
    assert found.results[0].columns == ["src", "count", "b"]


def test_window(tmp_path):
    (tmp_path / "default").mkdir()
    (tmp_path / "default/savedsearches.conf").write_text(
        f"[Model]\nsearch = | tstats count {FROM}\ndispatch.earliest_time = -1s\n",
        encoding="utf-8",
    )
    inputs = Inputs(events=(ZEEK, FORTIGATE))
    found = run(searches=["Model"], inputs=inputs, now=1767233651.8, app=tmp_path)
    assert found.results[0].rows == [{"count": 1}]


def test_only_the_fields_of_the_model_are_read(app, log):
    path = log("conn.log", "#separator \\x09\n#fields\tts\tuid\tservice\n1\tC1\tssl\n")
    seen = []

    def progress(_path, found):
        for event in found:
            seen.append(set(event))
            yield event

    spl = f"| tstats count {FROM} BY All_Traffic.app"
    run(spl=[spl], inputs=Inputs(zeek=(path,)), app=app, progress=progress)
    assert seen == [{"_time", "host", "source", "sourcetype", "index", "service"}]


REFUSED = [
    pytest.param("count", "FROM datamodel=", id="without-a-data-model"),
    pytest.param("count FROM datamodel=Web.Web", "no data model Web.Web", id="another-model"),
    pytest.param(f"prestats=t count {FROM}", "'prestats=t' is invalid", id="prestats"),
    pytest.param(f"count {FROM} BY src_ip", "'src_ip' is no field", id="without-the-data-set"),
    pytest.param(f"count {FROM} BY All_Traffic.nosuch", "'All_Traffic.nosuch' is no", id="field"),
    pytest.param(f"count {FROM} BY All_Traffic.*", "wildcards", id="by-wildcard"),
    pytest.param(f"count {FROM} BY _time", "go together", id="time-without-span"),
    pytest.param(f"count {FROM} BY All_Traffic.app span=1h", "go together", id="span-without-time"),
    pytest.param(f"count {FROM} WHERE nodename=x", "'nodename' is no field", id="nodename"),
    pytest.param(f"count {FROM} WHERE earliest=-1d", "'earliest=' is not", id="time-in-where"),
    pytest.param(
        f"count {FROM} WHERE All_Traffic.dest=10.0.0.0/8", "finds too much", id="network-of-names"
    ),
    pytest.param(f"median(All_Traffic.bytes) AS m {FROM}", "median", id="aggregate"),
    pytest.param(f"count(eval(1==1)) AS m {FROM}", "eval", id="eval-in-an-aggregate"),
    pytest.param(f"summariesonly=x count {FROM}", "Invalid value 'x'", id="option-value"),
    pytest.param(f"sum {FROM}", "'sum' is invalid", id="aggregate-without-field"),
]


@pytest.mark.parametrize(("written", "named"), REFUSED)
def test_refused(tstats, written, named):
    with pytest.raises(SplError, match=named):
        tstats(written)


# ---- append


def test_append_adds_rows_and_columns(search):
    found = search("* | stats count BY v | append [ | inputlookup ports | head 1 ]", {"v": "1"})
    assert (found.rows, found.columns) == (
        [{"v": "1", "count": 1}, {"port": "443", "proto": "TCP", "name": "https"}],
        ["v", "count", "port", "proto", "name"],
    )


def test_append_of_tstats(app):
    spl = f"sourcetype=XmlWinEventLog | stats count | append [ | tstats count {FROM} ]"
    found = run(spl=[spl], inputs=Inputs(events=(ZEEK, FORTIGATE, SYSMON)), app=app)
    assert found.results[0].rows == [{"count": 1}, {"count": 2}]


def test_append_in_an_append(rows):
    spl = "* | append [ | makeresults | append [ | makeresults ] ] | stats count"
    assert rows(spl, {"v": "1"}) == [{"count": 3}]


def test_append_beyond_its_limit_is_warned_of(app):
    spl = "| makeresults | append maxout=2 [ | makeresults count=3 ] | stats count"
    found = run(spl=[spl], app=app)
    assert (found.results[0].rows, found.warnings) == (
        [{"count": 3}],
        ["append: the subsearch has more than 2 rows; the rest is lost"],
    )


APPENDS = [
    pytest.param("append [ search v=1 ]", "makes its own rows", id="a-search-of-events"),
    pytest.param("append [ | where v=1 ]", "makes its own rows", id="no-generator"),
    pytest.param("append x", "must be a subsearch", id="no-subsearch"),
    pytest.param("append maxtime=5 [ | makeresults ]", "'maxtime=5' is invalid", id="maxtime"),
    pytest.param("append [ | nosuch ]", "Unknown search command 'nosuch'", id="unknown-command"),
]


@pytest.mark.parametrize(("written", "named"), APPENDS)
def test_append_refused(search, written, named):
    with pytest.raises(SplError, match=named):
        search(f"* | {written}", {"v": "1"})


# ---- rename

RENAMED = [
    pytest.param("a.* AS *", {"a.x": "1", "b": "2"}, {"x": "1", "b": "2"}, id="prefix-off"),
    pytest.param("* AS a.*", {"x": "1"}, {"a.x": "1"}, id="prefix-on-but-not-for-internal-fields"),
    pytest.param("a*z AS b*y", {"amz": "1"}, {"bmy": "1"}, id="in-the-middle"),
    pytest.param("a*.* AS *_*", {"ab.c": "1"}, {"b_c": "1"}, id="two-wildcards"),
    pytest.param("a.* AS *", {"a.x": "1", "x": "2"}, {"x": "1"}, id="over-a-field"),
    pytest.param("a.x AS y, a.* AS *", {"a.x": "1", "a.z": "2"}, {"y": "1", "z": "2"}, id="mixed"),
]


@pytest.mark.parametrize(("written", "event", "expected"), RENAMED)
def test_rename_wildcard(rows, written, event, expected):
    assert rows(f"* | rename {written}", event) == [expected]
