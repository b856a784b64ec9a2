"""The examples for a search of one's own run on Zeek's logs in each format."""

from __future__ import annotations

import json
import re
import shlex

import pytest

from replay import Inputs, run
from tests.docs.console import ROOT
from tests.structure.app_files import conf

PAGE = (ROOT / "docs/searching.md").read_text(encoding="utf-8")
SPL = re.search(r"^```spl\n(.*?)^```$", PAGE, re.M | re.S)[1]
COMMAND = re.search(r"^```sh\n(.*?)^```$", PAGE, re.M | re.S)[1]
EXAMPLES = [
    pytest.param(SPL, id="page-spl"),
    pytest.param(shlex.split(COMMAND)[-1], id="page-replay"),
    pytest.param(conf("searchbnf")["schedulescore-command"]["example1"], id="searchbnf"),
]
FIELDS = {
    "ts": "time",
    "id.orig_h": "addr",
    "id.resp_h": "addr",
    "id.resp_p": "port",
    "proto": "enum",
    "orig_bytes": "count",
    "resp_bytes": "count",
}
RECORDS = [
    dict(zip(FIELDS, (1767225600 + 600 * n, "10.0.0.5", "203.0.113.9", 443, "tcp", 40000, 500)))
    for n in range(40)
]


def tsv():
    lines = ["#separator \\x09", "#path\tconn", "#fields\t" + "\t".join(FIELDS)]
    lines.append("#types\t" + "\t".join(FIELDS.values()))
    return lines + ["\t".join(map(str, record.values())) for record in RECORDS]


def json_lines(dot):
    return [
        json.dumps({name.replace(".", dot): value for name, value in record.items()})
        for record in RECORDS
    ]


def test_raw_events_get_the_error_of_the_page_and_keep_their_fields():
    known = {"risk_score": "6.5", "schedule": "weekly"}
    events = ({"_time": 1.0, "src": "10.0.0.5", **known}, {"_time": 2.0, "src": "10.0.0.6"})
    outcome = run(spl=("* | schedulescore",), inputs=Inputs(events=events))
    [error] = outcome.warnings
    assert error.partition("ERROR: ")[2] in PAGE.splitlines()
    [other, row] = outcome.results[0].rows
    assert {name: row[name] for name in known} == known
    assert not known.keys() & other.keys()


@pytest.mark.parametrize("spl", EXAMPLES)
@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(tsv(), id="tsv"),
        pytest.param(json_lines("."), id="json-dotted"),
        pytest.param(json_lines("_"), id="json-underscores"),
    ],
)
def test_example_finds_the_schedule(tmp_path, lines, spl):
    log = tmp_path / "conn.log"
    log.write_text("\n".join(lines) + "\n", encoding="utf-8")
    (result,) = run(spl=(spl,), inputs=Inputs(zeek=(str(log),))).results
    assert [row["schedule"] for row in result.rows] == ["every 10 min ±0 %"]
