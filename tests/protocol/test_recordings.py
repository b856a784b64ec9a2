"""Sessions recorded from real Splunk instances, with this command in the place of theirs."""

import gzip
import os
from pathlib import Path

import pytest

from replay.chunked import Chunk

from .session import converse, count_rows, heard

FOLDER = os.environ.get("T1029_RECORDINGS")
RECORDINGS = sorted(Path(FOLDER).glob("*.input.gz")) if FOLDER else []


def test_the_folder_of_recordings_holds_some():
    if not FOLDER:
        pytest.skip("left out: set T1029_RECORDINGS to a folder of recorded sessions (*.input.gz)")
    assert RECORDINGS, f"no *.input.gz in {FOLDER}"


@pytest.mark.parametrize(
    "recording", [pytest.param(path, id=path.name.split(".")[0]) for path in RECORDINGS]
)
def test_no_row_of_a_recorded_session_is_lost(recording):
    getinfo, *chunks = heard(gzip.decompress(recording.read_bytes()))
    getinfo.metadata["searchinfo"].update(
        args=["observations=_time"], raw_args=["observations=_time"], dispatch_dir=""
    )
    answer = converse([Chunk(getinfo.metadata, getinfo.body), *chunks])
    assert len(answer.rows) == sum(count_rows(chunk.body) for chunk in chunks)
    assert not answer.messages
