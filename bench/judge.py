"""Scores rows with the scorer of any folder, one special case switched off or none.

    python -m bench.judge BIN [SWITCH]

Reads JSON from standard input, a list of [observations, context], and prints the verdicts as JSON,
a list of dictionaries. It runs as a child process: what a switch changes ends with it.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def verdicts(rows: Iterable[Sequence], home: Path, switch: str = "") -> list[dict]:
    """The verdicts of the scorer in the folder `home`, from a child process."""
    asked = [sys.executable, "-m", "bench.judge", str(home), *([switch] if switch else [])]
    sent = json.dumps(list(rows))
    answer = subprocess.run(
        asked, cwd=ROOT, input=sent, stdout=subprocess.PIPE, text=True, check=True
    )
    return json.loads(answer.stdout)


def main(arguments: Sequence[str]) -> None:
    """Score what stands on standard input."""
    home, *switch = arguments
    sys.path.insert(0, home)
    from scheduled_transfer import score

    if switch:
        from .switches import turn_off

        turn_off(switch[0])
    rows = json.load(sys.stdin)
    json.dump(
        [score(observations, None, context)._asdict() for observations, context in rows],
        sys.stdout,
    )


if __name__ == "__main__":
    main(sys.argv[1:])
