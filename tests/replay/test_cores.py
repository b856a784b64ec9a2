"""Work on several cores gives what it gives on one."""

from functools import partial

import pytest

from replay import InputError, Inputs, cores, readers, run

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
