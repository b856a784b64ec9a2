"""Detection quality and speed of the scorer, each beside its peers.

python -m bench.detection [--data DIR] [--seed N] [--out DIR]
python -m bench.honesty
python -m bench.speed [--data DIR] [--python PATH ...]
"""

import sys
from pathlib import Path

SCORER_HOME = str(Path(__file__).resolve().parent.parent / "bin")
if SCORER_HOME not in sys.path:
    sys.path.insert(0, SCORER_HOME)
