"""Every spelling of fields.yml is read by the shipped normalisation."""

import pytest

from compose.sources import fields
from replay import Inputs, run
from tests.spl.events import write_json_lines

NOON = 1767268800
# The field of fields.yml: what is logged, the field of a normalised row, and what it then holds.
BECOMES = {
    "src": ("10.1.2.3", "src", "10.1.2.3"),
    "dest": ("203.0.113.9", "dest_ip", "203.0.113.9"),
    "dest_port": ("8443", "dest_port", "8443"),
    "orig_port": ("50123", "orig_port", "50123"),
    "orig_bytes": ("4200", "bytes_out", 4200),
    "resp_bytes": ("77", "bytes_in", 77),
    "flow": ("F7", "flow", "F7"),
    "transport": ("UDP", "transport", "udp"),
    "process": ("C:\\a.exe", "process", "C:\\a.exe"),
    "action": ("Drop", "action", "Drop"),
    "record": ("r7", "log_record", "r7"),
    "mac": ("00-00-5E-00-53-01", "hardware", "00:00:5e:00:53:01"),
    "user": ("ann", "user", "ann"),
    "dest_name": ("Files.Example.", "dest_name", "files.example"),
    "url": ("https://files.example/up", "dest_name", "files.example"),
}
# Names are read of sources that tell them.
NAMED_BY = {"dest_name": "proxy", "url": "proxy"}
FIELDS = fields()
CASES = [(field, name) for field in BECOMES for name in FIELDS.spellings(field)]


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    """One normalised row for each spelling; addresses under common names where it has none."""
    path = tmp_path_factory.mktemp("events") / "events.json"
    write_json_lines(path, [event(number, *case) for number, case in enumerate(CASES)])
    read = "`t1029_normalize` | eval hardware=`t1029_mac` | `t1029_user_of_host`"
    spl = f"sourcetype=* | {read} | sort 0 number"
    return run(spl=[spl], inputs=Inputs(json=(str(path),)), now=NOON + 1).results[0].rows


def event(number, field, spelling):
    """A connection to outside in which one field has the spelling that is looked at."""
    rest = {"src": "10.1.2.3", "dest": "203.0.113.9"}
    rest.pop(field, None)
    logged, _, _ = BECOMES[field]
    sourcetype = NAMED_BY.get(field, "any")
    return {"_time": NOON, "sourcetype": sourcetype, "number": number, **rest, spelling: logged}


@pytest.mark.parametrize(
    ("number", "field"),
    [pytest.param(n, case[0], id="-".join(case)) for n, case in enumerate(CASES)],
)
def test_spelling_is_read(rows, number, field):
    _, name, value = BECOMES[field]
    assert rows[number][name] == value


@pytest.mark.parametrize(
    ("logged", "seconds"),
    [
        pytest.param({"duration": "2.5"}, 2.5, id="seconds"),
        pytest.param({"event.duration": 2_500_000_000}, 2.5, id="nanoseconds"),
        pytest.param({"cdur": "2500"}, 2.5, id="milliseconds"),
    ],
)
def test_a_duration_is_read_in_its_unit(tmp_path, logged, seconds):
    path = tmp_path / "events.json"
    write_json_lines(path, [{**event(0, "action", "action"), **logged}])
    (row,) = (
        run(
            spl=["sourcetype=* | `t1029_normalize`"], inputs=Inputs(json=(str(path),)), now=NOON + 1
        )
        .results[0]
        .rows
    )
    assert row["length"] == seconds
