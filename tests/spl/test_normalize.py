"""What the one set of names makes of the words of each product."""

import pytest

from replay import Inputs, run
from tests.spl.events import INSIDE, NEW_YEAR, OUTSIDE, write_json_lines


def normalized(folder, **fields: object) -> dict:
    event = {"_time": NEW_YEAR, "sourcetype": "fgt_traffic", "src": INSIDE, "dest": OUTSIDE}
    write_json_lines(folder / "events.json", [{**event, **fields}])
    inputs = Inputs(json=(str(folder / "events.json"),))
    outcome = run(spl=["sourcetype=* | `t1029_normalize`"], inputs=inputs, now=NEW_YEAR + 1)
    (row,) = outcome.results[0].rows
    return row


@pytest.mark.parametrize(
    ("fields", "app"),
    [
        pytest.param({"service": "HTTPS"}, "HTTPS", id="service"),
        pytest.param({"service": "443"}, None, id="port-for-a-service"),
        pytest.param({"service": "tcp/8443"}, None, id="transport-and-port-for-a-service"),
        pytest.param({"service": "443", "app": "ssl"}, "ssl", id="app-beside-a-port"),
        pytest.param({"service": "quic", "app": "ssl"}, "quic", id="service-before-app"),
        pytest.param({"app": "C:\\a.exe", "process": "C:\\a.exe"}, None, id="app-of-a-process"),
    ],
)
def test_a_service_that_is_but_a_port_is_none(tmp_path, fields, app):
    assert normalized(tmp_path, **fields).get("app") == app
