"""Splunk search command `schedulescore`: hands rows to the scoring library, and verdicts back.

One row in, the same row out, with every output field on every row. The arithmetic lives in
`scheduled_transfer`; the protocol in splunklib, which the package carries in bin/lib.
"""

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

from scheduled_transfer import Verdict, score


def joined(value):
    """One text from a field's value: a multivalue field arrives as a list."""
    return " ".join(value) if isinstance(value, list) else value


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

    def prepare(self):
        """Refuse bare field names, which the SDK would let pass unused."""
        if self.fieldnames:
            self.write_error(
                "Unexpected argument: {}. Syntax: schedulescore [observations=<field>] "
                "[floor=<field>]",
                " ".join(self.fieldnames),
            )
            sys.exit(1)

    def stream(self, records):
        """Yield each record with the verdict's fields; an unknown figure is an empty text."""
        for record in records:
            verdict = score(
                record.get(self.observations),
                joined(record.get(self.floor)),
                {name: joined(value) for name, value in record.items()},
            )
            for name, value in zip(Verdict._fields, verdict):
                self.add_field(record, name, written(value))
            yield record


def written(value):
    """A verdict's value as the protocol writer takes it: text, number or list."""
    if value is None:
        return ""
    return list(value) if isinstance(value, tuple) else value


if __name__ == "__main__":
    dispatch(ScheduleScoreCommand, sys.argv, sys.stdin, sys.stdout, __name__)
