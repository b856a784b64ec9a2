"""Wheels of locked packages, fetched with pip once for each release and kept in build/."""

import hashlib
import re
import subprocess
import sys
from pathlib import Path
from typing import Optional

ROOT = Path(__file__).resolve().parent.parent
FETCHED = ROOT / "build"
LOCKED = re.compile(r"^([\w.-]+)==([\w.]+)", re.MULTILINE)


def fetched(lock: Path) -> list[Path]:
    """The wheels of a lock file in build/, from pip if need be."""
    if not all(kept(lock)):
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        command += ["--disable-pip-version-check", "--require-hashes", "--only-binary", ":all:"]
        command += ["--dest", str(FETCHED), "--requirement", str(lock)]
        if subprocess.call(command, stdout=sys.stderr) != 0:
            sys.exit(f"Fetching {lock} failed; see pip's messages above.")
    return [wheel for wheel in kept(lock) if wheel]


def kept(lock: Path) -> list[Optional[Path]]:
    """For each locked release its wheel in build/, None where it is not there as it was locked."""
    text = lock.read_text(encoding="ascii")
    return [_as_locked(name, version, text) for name, version in LOCKED.findall(text)]


def _as_locked(name: str, version: str, lock: str) -> Optional[Path]:
    for path in FETCHED.glob(f"{name.replace('-', '_')}-{version}-*.whl"):
        if f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}" in lock:
            return path
    return None
