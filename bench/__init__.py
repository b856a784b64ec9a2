"""Benchmarks: detection quality, calibration and speed of the scorer, and the app's row counts.

bench/README.md lists the commands.
"""

import sys
from pathlib import Path

SCORER_HOME = str(Path(__file__).resolve().parent.parent / "bin")
if SCORER_HOME not in sys.path:
    sys.path.insert(0, SCORER_HOME)
