"""Scores one sender and one destination for a scheduled transfer: pure, standard library only."""

from .verdict import Verdict, score

__all__ = ["Verdict", "score"]
