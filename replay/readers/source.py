"""Log files: found by file, folder or glob, opened plain or compressed, read line by line."""

import bz2
import csv
import glob
import gzip
import io
import lzma
import re
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Callable, NamedTuple, Optional

from ..errors import InputError

# conn.log, conn.log.1, conn.log-20260101, conn.2026-01-01-00.log, conn.2026-01-01-00, ...
LOG_NAME = re.compile(
    r".*\.(log|json|jsonl|ndjson|xml|csv|tsv|txt|syslog)([.-][\d._-]+)?(\.(gz|bz2|xz|zst))?"
    r"|.*\.\d{4}-?\d\d-?\d\d[\d:._T-]*(\.(gz|bz2|xz|zst))?",
    re.IGNORECASE,
)
NAMED_AT_MOST = 3
SHOWN_IN_FULL = 5
SNIFFED = 1 << 16
# A log may begin in the middle of a line: so many lines are looked at to recognise it.
SAMPLED = 20


def _zstandard():
    # Part of Python from 3.14 on.
    try:
        from compression import zstd
    except ImportError:
        from backports import zstd
    return zstd.open, zstd.ZstdError


# How a compressed file begins: what opens it, and what that raises for damage besides EOFError.
COMPRESSED = {
    b"\x1f\x8b": lambda: (gzip.open, zlib.error),
    b"BZh": lambda: (bz2.open, OSError),
    b"\xfd7zXZ": lambda: (lzma.open, lzma.LZMAError),
    b"\x28\xb5\x2f\xfd": _zstandard,
}
BINARIES = {
    b"\xd4\xc3\xb2\xa1": "a packet capture (pcap)",
    b"\xa1\xb2\xc3\xd4": "a packet capture (pcap)",
    b"\x4d\x3c\xb2\xa1": "a packet capture (pcap)",
    b"\x0a\x0d\x0d\x0a": "a packet capture (pcapng)",
    b"ElfFile\x00": "a binary Windows event log (evtx); export it as XML or JSON",
    b"PK\x03\x04": "a zip archive",
    b"7z\xbc\xaf": "a 7-Zip archive",
    b"\x04\x22\x4d\x18": "compressed with LZ4; gzip, bzip2, xz and zstandard are read",
    b"SQLite f": "a database",
    b"PAR1": "a Parquet file; export it as CSV or JSON",
    b"\x0c\xa5": "a binary file of nfdump; export it with nfdump -o csv",
    b"\xa5\x0c": "a binary file of nfdump; export it with nfdump -o csv",
}
# Lines after which a reader of a share looks where it is.
LOOKED_AT = 1000
UTF16 = (b"\xff\xfe", b"\xfe\xff")
# How the first character of a log looks in UTF-16 without a mark.
UNMARKED = (
    (re.compile(rb"[\x20-\x7e\r\n]\0[^\0]\0"), "utf-16-le"),
    (re.compile(rb"\0[\x20-\x7e\r\n]\0[^\0]"), "utf-16-be"),
)
# A crash may leave nulls for what was not written.
ENDS = "\r\n\0"
UTF8 = "utf-8-sig"
REPLACED = "\N{REPLACEMENT CHARACTER}"


Event = dict[str, Any]


def placed(event: Event, sourcetype: str, source: Any, host: str) -> Event:
    """Say where an event is from; all events of files are in the index main."""
    event.update(sourcetype=sourcetype, source=str(source), index="main", host=host)
    return event


class BadLine(ValueError):
    """One line or event that cannot be read; its text is the reason."""


# What reading a record of an unexpected shape may raise.
MALFORMED = (ValueError, TypeError, AttributeError, LookupError, RecursionError, csv.Error)


def _reason(error: Exception) -> str:
    if isinstance(error, KeyError):
        return f"no field {error.args[0]}"
    if isinstance(error, (ValueError, csv.Error)):
        return str(error)
    return f"not of the expected shape ({error})"


class Tally:
    """How many events a file has, and how many of its connections lack what rules need."""

    def __init__(self, events: int = 0, no_pair: int = 0, no_bytes: int = 0):
        self.events, self.no_pair, self.no_bytes = events, no_pair, no_bytes

    def add(self, other: "Tally") -> None:
        """Add those of another part of the file."""
        for name, count in vars(other).items():
            setattr(self, name, getattr(self, name) + count)

    def message(self) -> str:
        """Return what they lack in plain words, "" where they lack nothing."""
        lacking = {"name no pair": self.no_pair, "have no bytes": self.no_bytes}
        told = [f"{count:,} {what}" for what, count in lacking.items() if count]
        return f"{self.events:,} events, of which {' and '.join(told)}" if told else ""


class Report:
    """What could not be read: bad lines by file, the first few in full; and damaged files.

    Also what the events lack that were read, by file.
    """

    def __init__(self):
        self.tallies: dict[str, Tally] = {}
        self.counts: dict[str, int] = {}
        self.shown: list[str] = []
        self.notes: list[str] = []

    def bad(self, path: Path, line: int, reason: str) -> None:
        """Count a bad line."""
        name = str(path)
        self.counts[name] = self.counts.get(name, 0) + 1
        if self.counts[name] <= SHOWN_IN_FULL:
            self.shown.append(f"{name}, line {line}: {reason}")

    def tally(self, path: Path) -> Tally:
        """Return the counts of a file."""
        return self.tallies.setdefault(str(path), Tally())

    def first(self, path: Path) -> str:
        """Return the first complaint about a file."""
        start = f"{path}, "
        return next(shown[len(start) :] for shown in self.shown if shown.startswith(start))

    def note(self, message: str) -> None:
        """Keep a remark about a whole file."""
        self.notes.append(message)

    def add(self, other: "Report") -> None:
        """Add what was noted of another file."""
        for name, count in other.counts.items():
            self.counts[name] = self.counts.get(name, 0) + count
        for shown in other.shown:
            start = shown[: shown.rindex(", line ")] + ", "
            if sum(known.startswith(start) for known in self.shown) < SHOWN_IN_FULL:
                self.shown.append(shown)
        self.notes += other.notes
        for name, tally in other.tallies.items():
            self.tallies.setdefault(name, Tally()).add(tally)

    def messages(self) -> list[str]:
        """Return all messages, in plain words."""
        more = [
            f"{name}: {count} bad lines in all, the first {SHOWN_IN_FULL} are shown"
            for name, count in self.counts.items()
            if count > SHOWN_IN_FULL
        ]
        told = {name: tally.message() for name, tally in self.tallies.items()}
        lacking = [f"{name}: {message}" for name, message in told.items() if message]
        return self.notes + [f"bad line: {shown}" for shown in self.shown] + more + lacking


class Reading(NamedTuple):
    """How to read a file: its kind and sourcetype as given, the zone of bare times, the report.

    `now` is the time of the run, where it was given: it gives the year of stamps without one.
    `wanted` are the fields that are looked at, None for all; a reader may leave out others.
    With `raw` an event that is a line of text keeps it, as _raw.
    """

    kind: str
    sourcetype: str
    tz: Any
    report: Report
    now: Optional[float] = None
    wanted: Optional[set[str]] = None
    raw: bool = False


CORE = {"_time", "host", "source", "sourcetype", "index"}


def files(
    argument: str, report: Report, passed_over: Callable[[Path], bool] = lambda _: False
) -> list[Path]:
    """Return the files that a file, folder or glob stands for, in order of name.

    In a folder those count that are named as logs are and are not `passed_over`; the report names
    the others.
    """
    path = Path(argument)
    named = [path] if argument and path.exists() else map(Path, sorted(glob.glob(argument)))
    found = [
        one
        for part in named
        for one in (_inside(part, report, passed_over) if part.is_dir() else [part])
    ]
    if not found:
        raise InputError(f"{argument or repr(argument)}: no such log file, folder or pattern")
    return found


def _inside(folder: Path, report: Report, passed_over: Callable[[Path], bool]) -> list[Path]:
    every = sorted(one for one in folder.rglob("*") if one.is_file())
    logs = [one for one in every if _is_log(one)]
    unread = [one for one in logs if passed_over(one)]
    _note(report, folder, [one for one in every if one not in logs], "not named as logs are")
    _note(report, folder, unread, "logs that no search reads")
    return [one for one in logs if one not in unread]


def _note(report: Report, folder: Path, others: list[Path], reason: str) -> None:
    if others:
        names = [one.name for one in others]
        shown = ", ".join(names[:NAMED_AT_MOST]) + (", ..." if names[NAMED_AT_MOST:] else "")
        report.note(f"left out: {len(others)} files of {folder} that are {reason} ({shown})")


def _is_log(path: Path) -> bool:
    return bool(LOG_NAME.fullmatch(path.name)) and path.name != "truth.csv"


def _encoding(head: bytes) -> str:
    if head.startswith(UTF16):
        return "utf-16"
    return next((name for begin, name in UNMARKED if begin.match(head)), UTF8)


class LogFile:
    """One log file, line by line; damage to a compressed one costs what comes after it, no more.

    Of a `share`, (its number, of how many), only the lines in that part of the file are returned.
    With `raw` an event that is a line of text keeps it, as _raw. `named` is the name of the file
    that the last line came from, where that is another one.
    """

    named: Optional[str] = None

    def __init__(
        self, path: Path, report: Report, share: tuple[int, int] = (0, 1), raw: bool = False
    ):
        self.path = path
        self.raw = raw
        self.report = report
        self.share = share
        self.head = self._head()

    def _head(self) -> bytes:
        head = b""
        try:
            with self._opened() as (content, _):
                while len(head) < SNIFFED:
                    part = content.read1(SNIFFED)
                    if not part:
                        break
                    head += part
        except OSError as error:
            if not head:
                raise InputError(f"{self.path}: {error}") from None
        for magic, what in BINARIES.items():
            if head.startswith(magic):
                raise InputError(f"{self.path} is {what}, not a text log")
        if not head.strip():
            raise InputError(f"{self.path} is empty")
        if b"\0" in head.split(b"\n")[0] and _encoding(head) == UTF8:
            raise InputError(f"{self.path} is a binary file, not a text log")
        return head

    @contextmanager
    def _opened(self):
        """Open the content, and the file that holds it; damage to either raises OSError."""
        with open(self.path, "rb") as file:
            magic = file.read(len(max(COMPRESSED, key=len)))
            file.seek(0)
            codec = next((COMPRESSED[one] for one in COMPRESSED if magic.startswith(one)), None)
            if codec is None:
                yield file, file
                return
            opener, damage = codec()
            try:
                with opener(file, "rb") as content:
                    yield content, file
            except (EOFError, damage) as error:
                raise OSError(str(error)) from None

    @property
    def encoding(self) -> str:
        """UTF-16 where its mark stands first or every other byte is null, else UTF-8."""
        return _encoding(self.head)

    def beginning(self) -> str:
        """Return the text at the start, as far as it is known."""
        return self.head.decode(self.encoding, "replace")

    def first_lines(self) -> list[str]:
        """Return the first lines that are not blank, as far as they are known."""
        written = io.StringIO(self.beginning(), newline=None)
        return [line.strip(ENDS) for line in written if line.strip(ENDS + " \t")][:SAMPLED]

    def first_line(self) -> str:
        """Return the first line that is not blank, as far as it is known."""
        return next(iter(self.first_lines()), "")

    def lines(self, header: str = "") -> Iterator[tuple[int, str]]:
        """Return the lines with their numbers, without their ends.

        Of other shares come those that begin with `header`.
        """
        number = replaced = current = 0
        own, shares = self.share
        try:
            with self._opened() as (content, file):
                stream = io.TextIOWrapper(content, self.encoding, "replace")
                for number, line in enumerate(stream, 1):
                    if shares > 1 and number % LOOKED_AT == 0:
                        current = self._share_at(file)
                        if current > own:
                            break
                    if current == own:
                        if REPLACED in line:
                            replaced += 1
                        yield number, line.strip(ENDS)
                    elif header and line.startswith(header):
                        yield number, line.strip(ENDS)
        except OSError as error:
            if current == own:
                self.report.note(
                    f"{self.path}: damaged after line {number} ({error}); read up to there"
                )
        if replaced:
            self.report.note(
                f"{self.path}: {replaced} lines are not in {self.encoding[:6].upper()}; "
                f"characters that cannot be read show as {REPLACED}"
            )

    def _share_at(self, file) -> int:
        """Return the number of the share at the place that is read, the same for every reader."""
        return min(file.tell() * self.share[1] // self.path.stat().st_size, self.share[1] - 1)

    def filled_lines(self) -> Iterator[tuple[int, str]]:
        """Return the lines that are not blank, with their numbers."""
        return ((number, line) for number, line in self.lines() if line.strip())

    def converted(
        self, numbered: Iterable[tuple[int, Any]], convert: Callable[[Any], Event]
    ) -> Iterator[Event]:
        """Return what a function makes of lines or records; what it cannot use is a bad line."""
        for number, one in numbered:
            try:
                row = convert(one)
            except MALFORMED as error:
                self.report.bad(self.path, number, _reason(error))
            else:
                if self.raw and isinstance(one, str):
                    row.setdefault("_raw", one)
                yield row

    def folder(self, default: str) -> str:
        """Return the name of the folder that the file is in."""
        return self.path.parent.name or default
