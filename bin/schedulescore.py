"""Splunk search command `schedulescore`: hands rows to the scoring library, and verdicts back.

One row in, the same row out, with every output field on every row. The arithmetic lives in
`scheduled_transfer`; the protocol in splunklib, which the package carries in bin/lib.
"""

import csv
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))

from splunklib.searchcommands import (
    Configuration,
    Option,
    StreamingCommand,
    dispatch,
    validators,
)

from command_input import Input
from scheduled_transfer import Verdict, score

SYNTAX = "Syntax: schedulescore [observations=<field>] [floor=<field>]"
MISSING = (
    "Rows without the field '{}' pass unchanged, without a score. Put a macro that makes it before "
    "schedulescore, such as `t1029_pairs(60)`, or name another field: observations=<field>"
)
CUT_SHORT = "The input ended within a chunk: its last row may be incomplete, later rows are missing"

# The most a cell can hold: at the SDK's limit of 10 MB, one busy pair would end the search.
csv.field_size_limit(2**31 - 1)


def joined(value):
    """One text from a field's value: a multivalue field arrives as a list."""
    return " ".join(value) if isinstance(value, list) else value


def written(value):
    """A verdict's value as the protocol writer takes it: text, number or list."""
    if value is None:
        return ""
    return list(value) if isinstance(value, tuple) else value


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

    def stream(self, records):
        """Yield each record with the verdict's fields, or as it came if its chunk lacks the field.

        All records of a chunk have one set of fields, since the SDK's writer takes the first's.
        """
        records = list(self.input.restored(records))
        if self.input.is_cut:
            self.write_error(CUT_SHORT)
        if not records:
            return
        header = max(records, key=len)
        records[0] = {**dict.fromkeys(header, ""), **records[0]}
        if self.observations in header:
            records = map(self.judged, records)
        elif not self.is_told:
            self.is_told = True
            self.write_error(MISSING, self.observations)
        yield from records

    def judged(self, record):
        """The record with its verdict; one from no observation only fills fields that are empty."""
        verdict = score(
            record.get(self.observations),
            joined(record.get(self.floor)),
            {name: joined(value) for name, value in record.items()},
        )
        fields = zip(Verdict._fields, map(written, verdict))
        if verdict.log10_p is None:
            fields = [(name, record.get(name) or value) for name, value in fields]
        record.update(fields)
        return record


if __name__ == "__main__":
    command_input = Input(sys.stdin.buffer.raw)
    dispatch(ScheduleScoreCommand, sys.argv, command_input, sys.stdout, __name__)
