import gzip
import json

import pytest

from bench import equality, logs
from replay import InputError

NIGHT = 1_767_225_600


@pytest.fixture
def data(tmp_path):
    """Uploads an hour apart on two days, two of them over a full hour."""
    folder = tmp_path / "uploads"
    folder.mkdir()
    lines = [
        {
            "ts": NIGHT + 3600 * n + 1800,
            "uid": f"C{n}",
            "duration": 2400 if n in (3, 30) else 20,
            "id.orig_h": "10.0.0.5",
            "id.orig_p": 50000 + n,
            "id.resp_h": "203.0.113.9",
            "id.resp_p": 443,
            "service": "ssl",
            "orig_bytes": 5_000_000 + n,
            "resp_bytes": 100,
            "proto": "tcp",
        }
        for n in range(40)
    ]
    with gzip.open(folder / "conn.json.gz", "wt") as log:
        log.write("".join(json.dumps(line) + "\n" for line in lines))
    return tmp_path


def test_events_and_rollup_give_the_same_findings(data, capsys):
    assert equality.main(["--data", str(data)]) == 0
    printed = capsys.readouterr().out
    assert (
        "T1029 - High Volume Transfer at Specific Intervals - Rule: 1 findings, 0 differ" in printed
    )
    assert (
        "T1029 - Recurring Connections to One Destination - Rule: 1 findings, 0 differ" in printed
    )


def test_differences_are_named():
    raw = {("a",): {"src": "a", "n": "1"}, ("b",): {}}
    rolled = {("a",): {"src": "a", "n": "2"}, ("c",): {}}
    assert equality.differences(raw, rolled) == [
        "a: n 1 / 2",
        "b: only in events",
        "c: only in the rollup",
    ]


def test_huge_sets_are_left_out_unless_named(tmp_path, monkeypatch):
    for name, size in (("large", 50), ("small", 5)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "conn.log.gz").write_bytes(b"x" * size)
    monkeypatch.setattr(logs, "HUGE", 20)
    assert logs.sets(tmp_path, []) == ([tmp_path / "small"], ["large"])
    assert logs.sets(tmp_path, ["large"]) == ([tmp_path / "large"], [])


def test_a_folder_with_two_logs_is_refused(tmp_path):
    for name in ("a.gz", "b.gz"):
        (tmp_path / name).touch()
    with pytest.raises(InputError, match="expected one"):
        logs.inputs_of(tmp_path)
