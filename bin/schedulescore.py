"""Splunk search command `schedulescore`: hands rows to the scoring library, and verdicts back.

One row in, the same row out, with every output field on every row. The arithmetic lives in
`scheduled_transfer`; the protocol in splunklib, which the package carries in bin/lib.
"""

import csv
import os
import sys
from io import StringIO
from itertools import chain

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))

from splunklib.searchcommands import (
    Configuration,
    Option,
    StreamingCommand,
    dispatch,
    validators,
)

from command_input import Input
from scheduled_transfer import Verdict, fields, score

SYNTAX = "Syntax: schedulescore [observations=<field>] [floor=<field>]"
MISSING = (
    "Rows without the field '{}' pass unchanged, without a score. Put a macro that makes it before "
    "schedulescore, such as `t1029_pairs(60)`, or name another field: observations=<field>"
)
CUT_SHORT = "The input ended within a chunk: its last row may be incomplete, later rows are missing"

# The most a cell can hold: at the SDK's limit of 10 MB, one busy pair would end the search.
csv.field_size_limit(2**31 - 1)


# Every field of a verdict with the column of its several values.
OUTPUT = [column for name in Verdict._fields for column in (name, f"__mv_{name}")]


def written(verdict):
    """The cells of a verdict, as the protocol has them: the second of a field of several texts."""
    cells = [""] * len(OUTPUT)
    cells[::2] = verdict
    several = [f"${reason.replace('$', '$$')}$" for reason in verdict.reasons]
    cells[-2:] = "\n".join(verdict.reasons), ";".join(several) if len(several) > 1 else ""
    return cells


class Table:
    """Where a chunk's columns are. The SDK would make a dictionary of each row and write it value
    by value, which takes as long as its score.

    Cells of a row are one more than its columns: the last, empty, is that of any missing column.
    """

    def __init__(self, header, observations, floor):
        self.width, self.named = len(header) + 1, (observations, floor)
        self.kept = [at for at, name in enumerate(header) if name not in OUTPUT]
        self.header = [header[at] for at in self.kept] + OUTPUT
        places = {name: at for at, name in reversed(list(enumerate(header)))}
        self.read = [
            (name, places.get(name, -1), places.get(f"__mv_{name}", -1))
            for name in (observations, floor, *fields.NAMES)
            if name in places
        ]
        self.old = [places.get(name, -1) for name in OUTPUT]
        self.has_old = len(self.kept) < len(header)

    def padded(self, cells):
        """The cells of a row, as many as there must be."""
        if len(cells) == self.width - 1:
            return [*cells, ""]
        return cells[: self.width - 1] + [""] * max(1, self.width - len(cells))

    def judged(self, cells):
        """A row with its verdict; one from no observation only fills fields that are empty."""
        cells = self.padded(cells)
        row = {
            name: " ".join(StreamingCommand._decode_list(cells[many])) if cells[many] else cells[at]
            for name, at, many in self.read
        }
        verdict = score(*map(row.get, self.named), row)
        new = written(verdict)
        if not self.has_old:
            return cells[:-1] + new
        if verdict.log10_p is None:
            for at in range(0, len(new), 2):
                old = [cells[place] for place in self.old[at : at + 2]]
                new[at : at + 2] = old if any(old) else new[at : at + 2]
        return [cells[at] for at in self.kept] + new


@Configuration()
class ScheduleScoreCommand(StreamingCommand):
    """Adds regularity, schedule, risk_score and reasons to rows of observations."""

    observations = Option(
        doc="""
        **Syntax:** **observations=***<field>*
        **Description:** Field with "epoch[:bytes_out[:bytes_in]]" tokens. Default: observations""",
        default="observations",
        validate=validators.Fieldname(),
    )
    floor = Option(
        doc="""
        **Syntax:** **floor=***<field>*
        **Description:** Field with the least risk_score of the row. Default: floor""",
        default="floor",
        validate=validators.Fieldname(),
    )

    is_told = False

    def process(self, argv, ifile, *others):
        """Keep the input at hand: it knows of each chunk what the SDK does not tell."""
        self.input = ifile
        super().process(argv, ifile, *others)

    def write_error(self, message, *args):
        """Report an error; the SDK would take braces in its own messages for places to fill."""
        super().write_error("{}", message.format(*args) if args else message)

    def prepare(self):
        """Refuse what the SDK would let pass: bare field names, and an option given twice."""
        names = [arg.split("=", 1)[0] for arg in self.metadata.searchinfo.args]
        twice = [name for name in dict.fromkeys(names) if names.count(name) > 1]
        if self.fieldnames:
            self.write_error("Unexpected argument: {}. {}", " ".join(self.fieldnames), SYNTAX)
        elif twice:
            self.write_error("Option given more than once: {}. {}", ", ".join(twice), SYNTAX)
        else:
            return
        sys.exit(1)

    def _execute_chunk_v2(self, process, chunk):
        """Hand over the cells of a chunk, its header first, and write those that come back."""
        rows = csv.reader(StringIO(chunk[1]))
        if self.input.is_cut:
            self.write_error(CUT_SHORT)
        self._record_writer._writer.writerows(process(map(self.input.restored, rows)))

    def stream(self, rows):
        """Yield each row with its verdict, or as it came if the chunk lacks the field."""
        header, first = next(rows, []), next(rows, None)
        if first is None:
            return
        rows = chain([first], rows)
        table = Table(header, self.observations, self.floor)
        if self.observations in header:
            yield table.header
            yield from map(table.judged, rows)
            return
        if not self.is_told:
            self.is_told = True
            self.write_error(MISSING, self.observations)
        for cells in chain([header], rows):
            yield table.padded(cells)[:-1]


if __name__ == "__main__":
    command_input = Input(sys.stdin.buffer.raw)
    dispatch(ScheduleScoreCommand, sys.argv, command_input, sys.stdout, __name__)
