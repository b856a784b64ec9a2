"""The command line: writes what is composed, or says what differs."""

import argparse
import sys

from compose.outputs import outputs
from compose.sources import ROOT


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m compose", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, fail on a difference")
    check = parser.parse_args().check
    try:
        differing = {path: text for path, text in outputs(ROOT).items() if stored(path) != text}
    except ValueError as error:
        sys.exit(f"compose: {error}")
    for path, text in differing.items():
        sys.stdout.write(f"{'differs' if check else 'written'}: {path}\n")
        if not check:
            (ROOT / path).write_text(text, encoding="utf-8")
    return int(check and bool(differing))


def stored(path: str) -> str:
    """The file as it is on disk; empty where there is none yet."""
    target = ROOT / path
    return target.read_text(encoding="utf-8") if target.exists() else ""


if __name__ == "__main__":
    sys.exit(main())
