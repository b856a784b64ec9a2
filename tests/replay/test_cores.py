"""Work on several cores gives what it gives on one."""

import gzip
from functools import partial

import pytest

from replay import InputError, Inputs, cores, readers, run
from replay.readers import source

# The tests may run beside threads, where replay itself would not fork.
pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
LINES = {
    "conn-a.json": '{"ts": 1767233650.5, "id.orig_h": "10.0.0.1", "id.resp_h": "192.0.2.1"}\n',
    "conn-b.json": '{"ts": 1767233651.5, "id.orig_h": "10.0.0.2"}\nbroken\n{"ts": 1767233652}\n',
    "conn-c.json": "no log at all\n",
}


@pytest.fixture(params=[1, 3], autouse=True, ids=["one-core", "three-cores"])
def number(request, monkeypatch):
    monkeypatch.setattr(cores, "_cores", lambda: request.param)
    monkeypatch.setattr(readers, "WORTH_IT", 0)


def failing(message):
    raise InputError(message)


def test_results_come_in_the_order_of_the_work():
    assert cores.each([partial(pow, 2, place) for place in range(9)]) == [
        1, 2, 4, 8, 16, 32, 64, 128, 256,
    ]  # fmt: skip


def test_an_error_comes_through():
    with pytest.raises(InputError, match="broken log"):
        cores.each([partial(pow, 2, 3), partial(failing, "broken log")])


def test_files_are_read_alike(app, tmp_path):
    folder = tmp_path / "zeek"
    folder.mkdir()
    for name, text in LINES.items():
        (folder / name).write_text(text, encoding="utf-8")
    outcome = run(spl=["* | sort _time | table _time"], inputs=Inputs(zeek=(str(folder),)), app=app)
    told = " ".join(outcome.report.messages()).replace(f"{folder}/", "")
    assert [row["_time"] for row in outcome.results[0].rows] == [
        1767233650.5, 1767233651.5, 1767233652.0,
    ]  # fmt: skip
    assert "left out: conn-c.json" in told
    assert "conn-b.json, line 2: not JSON" in told


def test_one_file_of_an_argument_that_does_not_fit_is_an_error(app, tmp_path):
    for name, text in LINES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    paths = tuple(str(tmp_path / name) for name in LINES)
    with pytest.raises(InputError, match="conn-c"):
        run(spl=["*"], inputs=Inputs(zeek=paths), app=app)


def zeek_lines(count):
    """Return lines of two headers, among them some that cannot be read."""
    head = "#separator \\x09\n#path\tconn\n#fields\tts\tid.orig_h\tid.resp_h\n"
    other = head.replace("\tid.orig_h\tid.resp_h", "\tid.resp_h\tid.orig_h")
    lines = [
        f"{1767233650 + place % 7}\t10.0.0.{place % 50}\t192.0.2.1\n" for place in range(count)
    ]
    lines[count // 3] = lines[-1] = "broken\n"
    return head + "".join(lines[: count // 2]) + other + "".join(lines[count // 2 :])


@pytest.mark.parametrize("zipped", [False, True], ids=["plain", "gzipped"])
def test_a_file_is_read_alike_in_shares(app, tmp_path, monkeypatch, zipped):
    monkeypatch.setattr(readers, "WORTH_SHARES", 1)
    monkeypatch.setattr(source, "LOOKED_AT", 10)
    path = tmp_path / "conn.log.gz"
    text = zeek_lines(20_000).encode()
    path.write_bytes(gzip.compress(text, 1) if zipped else text)
    spl = ["* | table _time, id.orig_h", "* | stats count, latest(id.resp_h) AS l BY id.orig_h"]
    outcome = run(spl=spl, inputs=Inputs(zeek=(str(path),)), app=app)
    monkeypatch.setattr(cores, "_cores", lambda: 1)
    whole = run(spl=spl, inputs=Inputs(zeek=(str(path),)), app=app)
    assert [one.rows for one in outcome.results] == [one.rows for one in whole.results]
    assert outcome.report.messages() == whole.report.messages()
    assert outcome.events == 19_998


def test_a_file_of_shares_that_cannot_be_read_is_an_error(app, tmp_path, monkeypatch):
    monkeypatch.setattr(readers, "WORTH_SHARES", 1)
    path = tmp_path / "conn.log"
    path.write_text("#separator \\x09\n#fields\tts\tuid\n" + "broken\n" * 50, encoding="utf-8")
    with pytest.raises(InputError, match="no line of it can be read; line 3: 1 columns where"):
        run(spl=["*"], inputs=Inputs(zeek=(str(path),)), app=app)
