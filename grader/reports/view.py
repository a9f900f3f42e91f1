"""What the reader's side decides about a report."""

from __future__ import annotations

from dataclasses import dataclass

from grader.model.outcome import Audience


@dataclass(frozen=True)
class View:
    """How a report is to be shown; a format takes of it what concerns it.

    Args:
        hints: How many hints to show of each question that is not solved.
        width: Columns of the terminal.
        color: Whether colours and bold may be used.
        unicode: Whether more than ASCII can be shown.
        audience: Who reads it; what is for staff is in no report that is made for a student.
    """

    hints: int = 0
    width: int = 80
    color: bool = False
    unicode: bool = True
    audience: Audience = "student"


PLAIN = View()
