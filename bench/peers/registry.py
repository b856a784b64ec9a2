"""All peers by name; a higher score is more suspicious."""

from collections.abc import Callable

from ..pairs import Pair
from . import coefficient_of_variation, elastic, flare, published, rita, sentinel

Peer = Callable[[Pair], float]

PEERS: dict[str, Peer] = {
    "RITA v5": rita.score,
    "RITA v5, best day": rita.score_best_day,
    "SPL stdev/avg": coefficient_of_variation.score,
    "MAD/median": coefficient_of_variation.robust_score,
    "Elastic": elastic.score,
    "Sentinel": sentinel.score,
    "Flare": flare.score,
    "Published T1029": published.score,
}
