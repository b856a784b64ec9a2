"""This project's scorer and its peers with one interface: a pair in, a score out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from scheduled_transfer import score

from .pairs import Pair, joined
from .peers.registry import PEERS, Peer

OURS_RISK = "This scorer, risk_score"
OURS_REGULARITY = "This scorer, regularity"
OURS_CERTAINTY = "This scorer, -log10_p"


class Scored(NamedTuple):
    """A pair with the scores of every method (higher is more suspicious)."""

    pair: Pair
    schedule: str
    reasons: tuple[str, ...]
    by: dict[str, float]

    @property
    def risk(self) -> float:
        return self.by[OURS_RISK]


def judged(pair: Pair, peers: Mapping[str, Peer] = PEERS) -> Scored:
    """Score a pair without a minimum score, and by the peers."""
    verdict = score(joined(pair.connections), None, pair.context)
    by = {
        OURS_RISK: verdict.risk_score or 0.0,
        OURS_REGULARITY: verdict.regularity or 0.0,
        OURS_CERTAINTY: -(verdict.log10_p or 0.0),
    }
    by.update((name, peer(pair)) for name, peer in peers.items())
    return Scored(pair, verdict.schedule, tuple(verdict.reasons), by)
