"""Detectors of schedules: one module each, one shape, `detect(series, known) -> Evidence | None`.

A detector judges the contacts against its own null, corrected for all that it has tried. It has
no words: `explain` has them, by the name of the detector.
"""

from .evidence import Evidence

__all__ = ["Evidence"]
