"""The peers, each from its published definition; higher means more suspicious."""

from collections.abc import Callable

from ..pairs import Pair
from . import elastic, flare, published, rita, sentinel, variation

Peer = Callable[[Pair], float]

PEERS: dict[str, Peer] = {
    "RITA v5, last 24 h": rita.score,
    "RITA v5, best of its daily runs": rita.score_best_day,
    "SPL stdev/avg of gaps": variation.score,
    "MAD/median of gaps": variation.robust_score,
    "Elastic beaconing": elastic.score,
    "Sentinel": sentinel.score,
    "Flare": flare.score,
    "The two published analytics": published.score,
}
