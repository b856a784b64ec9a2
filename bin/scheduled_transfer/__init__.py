"""Scores one sender and one destination for a scheduled transfer: pure, standard library only."""

from .score import Verdict, score

__all__ = ["Verdict", "score"]
