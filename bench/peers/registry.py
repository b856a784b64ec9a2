"""The peers, each from its published definition; higher means more suspicious."""

from collections.abc import Callable

from ..pairs import Pair
from . import elastic, flare, published, rita, sentinel, variation

Peer = Callable[[Pair], float]

PEERS: dict[str, Peer] = {
    "RITA v5": rita.score,
    "RITA v5, best day": rita.score_best_day,
    "SPL stdev/avg": variation.score,
    "MAD/median": variation.robust_score,
    "Elastic": elastic.score,
    "Sentinel": sentinel.score,
    "Flare": flare.score,
    "Published T1029": published.score,
}
