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
from typing import Any, BinaryIO, Callable, NamedTuple, Optional

from .errors import SplError, refused
from .values import multivalue, text

CHUNK_ROWS = 50_000
PATIENCE_SECONDS = 10
SPLUNK_VERSION = "9.4.0"
_HEADER = re.compile(rb"chunked 1\.0,(\d+),(\d+)\n")
_ESCAPED = re.compile(r"\$((?:[^$]|\$\$)*)\$(?:;|$)")
# A cell may hold as many observations as a long look-back has.
csv.field_size_limit(1 << 30)

Row = dict[str, Any]


class Chunk(NamedTuple):
    """One message of the protocol: its metadata and its rows as CSV text."""

    metadata: dict[str, Any]
    body: str


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


def started(script: Path, errors: BinaryIO) -> subprocess.Popen:
    """Start a program of the app, with pipes to it and from it."""
    return subprocess.Popen(
        [sys.executable, str(script)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=errors,
        cwd=str(script.parent),
    )


class Command:
    """A running custom command: getinfo is done when it is made; then rows go through it."""

    def __init__(self, script: Path, info: dict[str, Any], warn: Callable[[str], None]):
        self.name, self.warn = info["command"], warn
        self._open = ExitStack()
        self._errors = self._open.enter_context(tempfile.TemporaryFile())  # noqa: SIM115
        directory = self._open.enter_context(tempfile.TemporaryDirectory(prefix="dispatch-"))
        self._child = started(script, self._errors)
        try:
            configuration = self._ask(_getinfo(info, directory)).metadata
            if set(configuration.get("required_fields") or ["*"]) != {"*"}:
                raise self._failed("required_fields are not supported by replay")
        except SplError:
            self.__exit__()
            raise

    def __enter__(self) -> "Command":
        return self

    def __exit__(self, *reason) -> None:
        self._end()
        self._open.close()

    def _end(self) -> int:
        """Let the command end, and return its exit code."""
        for stream in (self._child.stdin, self._child.stdout):
            with suppress(OSError):
                stream.close()
        try:
            self._child.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            self._child.kill()
        return self._child.wait()

    def execute(self, rows: list[Row], finished: bool) -> tuple[list[str], list[Row]]:
        """Send one chunk; return the columns and rows of its answer."""
        metadata = {"action": "execute", "finished": finished}
        return decode_rows(self._ask(metadata, encode_rows(rows) if rows else "").body)

    def _ask(self, metadata: dict[str, Any], body: str = "") -> Chunk:
        try:
            write_chunk(self._child.stdin, metadata, body)
            answer = read_chunk(self._child.stdout)
        except (OSError, ValueError) as error:
            raise self._died(str(error)) from None
        if answer is None:
            raise self._died("it ended without an answer")
        messages = (answer.metadata.get("inspector") or {}).get("messages") or []
        errors = [message for level, message in messages if level in ("ERROR", "FATAL")]
        if errors and (metadata["action"] == "getinfo" or self._gave_up(answer)):
            raise self._failed(" ".join(errors))
        if answer.metadata.get("error"):
            raise self._failed(str(answer.metadata["error"]))
        for level, message in messages:
            self.warn(f"{self.name}: {level}: {message}")
        return answer

    def _gave_up(self, answer: Chunk) -> bool:
        """Whether the command failed with its answer: an error that it survives is a message."""
        return bool(answer.metadata.get("finished")) and self._end() != 0

    def _failed(self, message: str) -> SplError:
        return refused(self.name, message)

    def _died(self, reason: str) -> SplError:
        self._child.kill()
        self._child.wait()
        self._errors.seek(0)
        words = self._errors.read().decode(errors="replace").strip().splitlines()
        return self._failed(": ".join([reason] + words[-1:]))


def _getinfo(info: dict[str, Any], directory: str) -> dict[str, Any]:
    """Return splunkd's first message: what it knows of the search, and of itself."""
    return {
        "action": "getinfo",
        "preview": False,
        "streaming_command_will_restart": False,
        "searchinfo": {
            **info,
            "dispatch_dir": directory,
            "owner": "replay",
            "username": "replay",
            "session_key": "",
            "splunkd_uri": "https://127.0.0.1:8089",
            "splunk_version": SPLUNK_VERSION,
            "maxresultrows": CHUNK_ROWS,
        },
    }
