"""Drives the command as splunkd does: its own process, the chunked protocol on its pipes."""

import csv
import io
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from replay.chunked import Chunk, decode_rows, encode_rows, read_chunk, write_chunk

COMMAND = (sys.executable, str(Path(__file__).parents[2] / "bin" / "schedulescore.py"))

SEARCHINFO = {
    "raw_args": [],
    "args": [],
    "dispatch_dir": "",
    "sid": "1767225600.1",
    "app": "scheduled_transfer",
    "owner": "admin",
    "username": "admin",
    "session_key": "",
    "splunkd_uri": "https://127.0.0.1:8089",
    "splunk_version": "9.4.0",
    "search": "",
    "command": "schedulescore",
    "maxresultrows": 50000,
    "earliest_time": 1767225600.0,
    "latest_time": 1768435200.0,
}


class Answer(NamedTuple):
    """What came back: the chunks, the rows in them, and what was written on standard error."""

    chunks: list[Chunk]
    columns: list[str]
    rows: list[dict]
    stderr: str

    @property
    def messages(self) -> list[str]:
        """The messages for the job inspector."""
        return [text for _, text in self.levels]

    @property
    def levels(self) -> list[tuple[str, str]]:
        """The messages for the job inspector, each with its level."""
        found = [chunk.metadata.get("inspector", {}).get("messages", []) for chunk in self.chunks]
        return [(level, text) for messages in found for level, text in messages]


def getinfo(args: Sequence[str] = (), **searchinfo) -> dict:
    """The first message of splunkd, with the command's arguments."""
    info = {**SEARCHINFO, "args": list(args), "raw_args": list(args), **searchinfo}
    return {"action": "getinfo", "preview": False, "searchinfo": info}


def spoken(chunks: Sequence[Chunk]) -> bytes:
    """Chunks as they lie on the pipe."""
    pipe = io.BytesIO()
    for chunk in chunks:
        write_chunk(pipe, chunk.metadata, chunk.body)
    return pipe.getvalue()


def heard(pipe: bytes) -> list[Chunk]:
    """The chunks that lie on a pipe."""
    stream = io.BytesIO(pipe)
    return list(iter(lambda: read_chunk(stream), None))


def converse(chunks: Sequence[Chunk], command: Sequence[str] = COMMAND) -> Answer:
    """Send all chunks, hear all answers."""
    return answered(spoken(chunks), command)


def answered(pipe: bytes, command: Sequence[str] = COMMAND) -> Answer:
    """Send what lies on a pipe, hear all answers."""
    done = subprocess.run(command, input=pipe, capture_output=True, timeout=300, check=False)
    answers = heard(done.stdout)
    tables = [decode_rows(chunk.body) for chunk in answers if chunk.body]
    columns = list(dict.fromkeys(name for names, _ in tables for name in names))
    return Answer(
        answers, columns, [row for _, rows in tables for row in rows], done.stderr.decode()
    )


def session(batches: Sequence[list[dict]], args: Sequence[str] = ()) -> list[Chunk]:
    """Each batch of rows as one chunk, the last as the finishing one."""
    last = len(batches) - 1
    chunks = [
        Chunk({"action": "execute", "finished": place == last}, encode_rows(rows) if rows else "")
        for place, rows in enumerate(batches)
    ]
    return [Chunk(getinfo(args), ""), *chunks]


def executed(
    batches: Sequence[list[dict]], args: Sequence[str] = (), command: Sequence[str] = COMMAND
) -> Answer:
    """Send a session, hear all answers."""
    return converse(session(batches, args), command)


def count_rows(body: str) -> int:
    """Rows of a CSV body, its header not counted."""
    return max(0, sum(1 for cells in csv.reader(io.StringIO(body, newline="")) if cells) - 1)
