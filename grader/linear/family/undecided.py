"""Where formulas cannot be decided."""

from __future__ import annotations


class Undecided(Exception):
    """The grader could not decide; the message says why, for staff."""
