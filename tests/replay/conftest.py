"""A small app, and the ways to run a search in it."""

import textwrap

import pytest

from replay import Inputs, run
from replay.readers import Report, note_stragglers, read_events
from tests.replay.logs import MOMENT, UTC

ECHO = """
import sys
from splunklib.searchcommands import Configuration, Option, StreamingCommand, dispatch


@Configuration()
class EchoCommand(StreamingCommand):
    add = Option(default="x")

    def stream(self, records):
        for record in records:
            if record.get("fail"):
                raise ValueError("asked to fail")
            if record.get("warn"):
                self.write_warning("asked to warn")
            if record.get("err"):
                self.write_error("asked to err")
            record["echo"] = self.add
            record["many"] = ["1", "two$", "3;"]
            yield record


dispatch(EchoCommand, sys.argv, sys.stdin, sys.stdout, __name__)
"""

FILES = {
    "default/macros.conf": """
        [least]
        definition = 3

        [above(2)]
        args = field, limit
        definition = where $field$ > $limit$

        [in_seen]
        definition = `above(count, `least`)`

        [counted]
        definition = stats count BY src \\
        | where count >= `least`

        [endless]
        definition = `endless`

        [computed]
        definition = "1"
        iseval = 1
        """,
    "default/savedsearches.conf": """
        [Many - Rule]
        search = sourcetype=test | `counted`
        dispatch.earliest_time = -1h
        dispatch.latest_time = -15m@m

        [Switched Off - Rule]
        search = sourcetype=test
        disabled = 1

        [Helper]
        search = sourcetype=test | stats count

        [Hourly - Rule]
        search = sourcetype=test | bin _time span=1h | stats count BY _time, src
        dispatch.earliest_time = -1h@h
        dispatch.latest_time = @h
        disabled = 1
        action.summary_index = 1
        action.summary_index._name = hours
        action.summary_index.kind = hourly
        action.summary_index.inline = 1

        [Found - Rule]
        search = sourcetype=test | stats values(v) AS v, values(host) AS host BY src
        dispatch.earliest_time = -1d
        dispatch.latest_time = now
        disabled = 1
        action.summary_index = 1
        """,
    "default/transforms.conf": """
        [networks]
        filename = networks.csv
        match_type = CIDR(ip)

        [first_network]
        filename = networks.csv
        match_type = CIDR(ip)
        max_matches = 1

        [ports]
        filename = ports.csv
        case_sensitive_match = false

        [strict_ports]
        filename = ports.csv

        [names]
        filename = names.csv
        match_type = WILDCARD(name)

        [site]
        external_type = kvstore
        collection = site
        fields_list = _key, ip, note

        [seen]
        external_type = kvstore
        collection = seen
        fields_list = _key, name, count, last

        [learned]
        filename = learned.csv

        [scripted]
        external_type = python
        external_cmd = lookup.py
        """,
    "default/collections.conf": """
        [site]
        field.ip = string

        [seen]
        enforceTypes = true
        field.count = number
        """,
    "default/commands.conf": """
        [echo]
        filename = echo.py
        chunked = true

        [broken]
        filename = broken.py
        chunked = true

        [old]
        filename = echo.py
        """,
    "bin/echo.py": ECHO,
    "bin/broken.py": "import sys\nsys.exit('cannot start')\n",
    "lookups/networks.csv": """
        ip,note
        192.0.2.0/24,first
        192.0.2.128/25,second
        2001:db8::/32,six
        198.51.100.7,single
        """,
    "lookups/ports.csv": "port,proto,name\n443,TCP,https\n53,UDP,dns\n53,TCP,\n",
    "lookups/names.csv": "name,kind\nupdate*,service\n*.exe,program\n",
}


@pytest.fixture(scope="session")
def app(tmp_path_factory):
    """Return the folder of the small app."""
    root = tmp_path_factory.mktemp("app")
    for name, content in FILES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(content).lstrip("\n"), encoding="utf-8")
    return root


@pytest.fixture
def search(app):
    """Return a function from SPL and events, newest first, to the rows that come out."""

    def searched(spl, *events, **settings):
        timed = [{"_time": MOMENT - place, **event} for place, event in enumerate(events)]
        settings.setdefault("inputs", Inputs(events=tuple(timed)))
        return run(spl=[spl], app=app, **settings).results[0]

    return searched


@pytest.fixture
def rows(search):
    """Return a function like search, whose rows are without the time of their event."""

    def found(spl, *events, **settings):
        result = search(spl, *events, **settings)
        return [{k: v for k, v in row.items() if k != "_time"} for row in result.rows]

    return found


@pytest.fixture
def log(tmp_path):
    """Return a function that writes a log file and returns its path."""

    def written(name, content):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_text(content, encoding="utf-8")
        return str(path)

    return written


@pytest.fixture
def read():
    """Return a function from inputs to the events and the report."""

    def found(wanted=None, tz=UTC, now=None, **inputs):
        report = Report()
        arguments = {kind: (given,) for kind, given in inputs.items()}
        events = read_events(Inputs(**arguments), wanted, tz, report, now=now)
        if now is None:
            note_stragglers([event["_time"] for event in events], report)
        return events, report

    return found


@pytest.fixture
def own_app(tmp_path):
    """Return a function from the texts of conf files to the folder of an app that has them."""

    def written(layer="default", **confs):
        (tmp_path / layer).mkdir()
        for name, content in confs.items():
            (tmp_path / layer / f"{name}.conf").write_text(content, encoding="utf-8")
        return tmp_path

    return written
