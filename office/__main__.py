"""Write the simulated office's logs: `python -m office --out DIR [--days 14] [--seed N]`."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from office.generate import write_office


def positive(text: str) -> int:
    """Return a whole number of at least 1, as an argument's type."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is not at least 1")
    return number


def main(argv: Sequence[str] | None = None) -> int:
    """Write the logs and print the number of records in each file."""
    parser = argparse.ArgumentParser(prog="python -m office", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder to write into")
    parser.add_argument("--days", type=positive, default=14, help="days to simulate")
    parser.add_argument("--seed", type=int, default=1, help="seed of the random numbers")
    options = parser.parse_args(argv)
    written = write_office(options.out, options.seed, options.days)
    for path, records in written.records.items():
        print(f"{records:>8}  {path}")
    print(f"{len(written.truth):>8}  {options.out / 'truth.csv'}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
