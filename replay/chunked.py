"""Splunk's chunked protocol, version 2, seen from splunkd: a custom command as a child process."""

import csv
import io
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, Optional

from .errors import SplError
from .values import multivalue, text

CHUNK_ROWS = 50_000
PATIENCE_SECONDS = 10
SPLUNK_VERSION = "9.4.0"
INDEX_FIELD = "_chunked_idx"
_HEADER = re.compile(rb"chunked 1\.0,(\d+),(\d+)\n")
_ESCAPED = re.compile(r"\$((?:[^$]|\$\$)*)\$(?:;|$)")
# A cell may hold as many observations as a long look-back has.
csv.field_size_limit(1 << 30)

Row = dict[str, Any]


class Chunk(NamedTuple):
    """One message of the protocol: its metadata and its rows as CSV text."""

    metadata: dict[str, Any]
    body: str


class Searchinfo(NamedTuple):
    """What splunkd sends a command about its search."""

    command: str
    args: list[str]
    raw_args: list[str]
    search: str
    sid: str
    app: str
    earliest: float
    latest: float


def write_chunk(stream: BinaryIO, metadata: dict[str, Any], body: str = "") -> None:
    """Write one message."""
    head, tail = json.dumps(metadata).encode(), body.encode()
    stream.write(b"chunked 1.0,%d,%d\n" % (len(head), len(tail)) + head + tail)
    stream.flush()


def read_chunk(stream: BinaryIO) -> Optional[Chunk]:
    """Read one message, None at the end of the stream; anything else on it is an error."""
    line = stream.readline()
    if not line:
        return None
    found = _HEADER.fullmatch(line)
    if not found:
        raise SplError(f"not a message of the chunked protocol: {line[:80]!r}")
    head, tail = (stream.read(int(size)) for size in found.groups())
    if len(tail) != int(found.group(2)):
        raise SplError("a message of the chunked protocol ends too early")
    return Chunk(json.loads(head.decode() or "{}"), tail.decode())


def encode_multivalue(values: Iterable[Any]) -> str:
    """Return the __mv_ cell of a multivalue.

    >>> encode_multivalue(["a", "5$"])
    '$a$;$5$$$'
    """
    return ";".join("$" + text(value).replace("$", "$$") + "$" for value in values)


def decode_multivalue(cell: str) -> list[str]:
    """Return the values of an __mv_ cell.

    >>> decode_multivalue("$a$;$5$$$")
    ['a', '5$']
    """
    return [found.replace("$$", "$") for found in _ESCAPED.findall(cell)]


def encode_rows(rows: list[Row]) -> str:
    """Return rows as CSV: their fields, then an __mv_ column for each."""
    fields = list(dict.fromkeys(field for row in rows for field in row))
    body = io.StringIO()
    # Everything is quoted, since older Pythons leave a lone carriage return bare.
    writer = csv.writer(body, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerow(fields + ["__mv_" + field for field in fields])
    for row in rows:
        values = [row.get(field) for field in fields]
        plain = ["" if value is None else text(value) for value in values]
        many = [encode_multivalue(value) if type(value) is list else "" for value in values]
        writer.writerow(plain + many)
    return body.getvalue()


def decode_rows(body: str) -> tuple[list[str], list[Row]]:
    """Return the columns and the rows of a CSV body; an empty cell is null."""
    reader = csv.reader(io.StringIO(body, newline=""), strict=True)
    header = next(reader, [])
    rows = [_decoded(header, cells) for cells in reader if cells]
    return [field for field in header if not field.startswith("__mv_")], rows


def _decoded(header: list[str], cells: list[str]) -> Row:
    if len(cells) != len(header):
        raise SplError(f"a row of {len(cells)} cells under a header of {len(header)}")
    row: Row = {}
    for field, cell in zip(header, cells):
        if not cell:
            continue
        if field.startswith("__mv_"):
            row[field[len("__mv_") :]] = multivalue(decode_multivalue(cell))
        else:
            row.setdefault(field, cell)
    return row


class Command:
    """A running custom command: getinfo is done when it is made; then rows go through it."""

    def __init__(self, script: Path, info: Searchinfo, warn=lambda message: None):
        self.info = info
        self.warn = warn
        self._open = ExitStack()
        self._errors = self._open.enter_context(tempfile.TemporaryFile())  # noqa: SIM115
        directory = self._open.enter_context(tempfile.TemporaryDirectory(prefix="dispatch-"))
        self._child = subprocess.Popen(
            [sys.executable, str(script)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            cwd=str(script.parent),
        )
        try:
            self.configuration = self._ask(_getinfo(info, directory)).metadata
        except SplError:
            self.__exit__()
            raise

    def __enter__(self) -> "Command":
        return self

    def __exit__(self, *reason) -> None:
        for stream in (self._child.stdin, self._child.stdout):
            with suppress(OSError):
                stream.close()
        try:
            self._child.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()
        self._open.close()

    @property
    def required(self) -> list[str]:
        """The fields that the command asks for; none means all."""
        return [field for field in self.configuration.get("required_fields") or [] if field != "*"]

    def execute(self, rows: list[Row], finished: bool) -> tuple[list[str], list[Row]]:
        """Send one chunk; return the columns and rows of its answer."""
        sent = [self._projected(row, place) for place, row in enumerate(rows)]
        metadata = {"action": "execute", "finished": finished}
        body = encode_rows(sent) if sent else ""
        columns, answered = decode_rows(self._ask(metadata, body).body)
        if not self.required:
            return columns, answered
        merged = [_merged(rows, row) for row in answered]
        return [column for column in columns if column != INDEX_FIELD], merged

    def _projected(self, row: Row, place: int) -> Row:
        if not self.required:
            return row
        kept = {field: row[field] for field in self.required if field in row}
        return {INDEX_FIELD: place, **kept}

    def _ask(self, metadata: dict[str, Any], body: str = "") -> Chunk:
        try:
            write_chunk(self._child.stdin, metadata, body)
            answer = read_chunk(self._child.stdout)
        except (OSError, ValueError) as error:
            raise self._died(str(error)) from None
        if answer is None:
            raise self._died("it ended without an answer")
        self._pass_on(answer.metadata.get("inspector") or {})
        if answer.metadata.get("error"):
            raise self._failed(str(answer.metadata["error"]))
        return answer

    def _pass_on(self, inspector: dict[str, Any]) -> None:
        """Pass on the messages that the command wrote for the job inspector."""
        errors = []
        for level, message in inspector.get("messages") or []:
            if level in ("ERROR", "FATAL"):
                errors.append(message)
            else:
                self.warn(f"{self.info.command}: {level}: {message}")
        if errors:
            raise self._failed(" ".join(errors))

    def _failed(self, message: str) -> SplError:
        return SplError(f"Error in '{self.info.command}' command: {message}")

    def _died(self, reason: str) -> SplError:
        self._child.kill()
        self._child.wait()
        self._errors.seek(0)
        words = self._errors.read().decode(errors="replace").strip().splitlines()
        return self._failed(": ".join([reason] + words[-1:]))


def _merged(rows: list[Row], answered: Row) -> Row:
    return {**rows[int(answered.pop(INDEX_FIELD))], **answered}


def _getinfo(info: Searchinfo, directory: str) -> dict[str, Any]:
    return {
        "action": "getinfo",
        "preview": False,
        "streaming_command_will_restart": False,
        "searchinfo": {
            "args": info.args,
            "raw_args": info.raw_args,
            "dispatch_dir": directory,
            "sid": info.sid,
            "app": info.app,
            "owner": "replay",
            "username": "replay",
            "session_key": "",
            "splunkd_uri": "https://127.0.0.1:8089",
            "splunk_version": SPLUNK_VERSION,
            "search": info.search,
            "command": info.command,
            "maxresultrows": CHUNK_ROWS,
            "earliest_time": info.earliest,
            "latest_time": info.latest,
        },
    }
