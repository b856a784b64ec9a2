"""Run the commands in the console blocks of a page and write their output into the page.

    python -m tests.docs.console docs/tour.md

A block starts with `$` and one command, which may continue after a backslash; its output follows.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(
    r"^```console\n\$ (?P<command>(?:.*\\\n)*.*\n)(?P<output>(?:(?!```).*\n)*)```$", re.M
)


class Block(NamedTuple):
    """A command and the output that the page shows."""

    command: str
    output: str


def blocks(text: str) -> list[Block]:
    """Return the console blocks of a page.

    >>> blocks("```console\\n$ echo a \\\\\\n    b\\na b\\n```\\n")
    [Block(command='echo a \\\\\\n    b\\n', output='a b\\n')]
    """
    return [Block(**found.groupdict()) for found in BLOCK.finditer(text)]


def run(command: str, build: Path) -> str:
    """Return the output of a command of the page, with another build folder and this Python."""
    command = command.replace(".venv/bin/python", sys.executable).replace("build/", f"{build}/")
    finished = subprocess.run(
        ["bash", "-ec", command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return finished.stdout + finished.stderr


def updated(text: str) -> str:
    """Return the page with the output that its commands give now."""

    def rewrite(found: re.Match[str]) -> str:
        lines = run(found["command"], ROOT / "build").splitlines()
        output = "\n".join(line.rstrip() for line in lines).strip()
        return f"```console\n$ {found['command']}{output}\n```".replace("\n\n```", "\n```")

    return BLOCK.sub(rewrite, text)


if __name__ == "__main__":
    for name in sys.argv[1:]:
        page = ROOT / name
        page.write_text(updated(page.read_text(encoding="utf-8")), encoding="utf-8")
