"""What stands beside a student's points in a table of the class."""

from __future__ import annotations

from grader.gradebook.standing import Standing
from grader.reports.wording import percent_text


def remarks(one: Standing) -> list[str]:
    """Which attempt counts, what was taken off and what a person gave; empty for most.

    Args:
        one: What stands.
    """
    parts = []
    if one.attempts > 1:
        parts.append(f"attempt {one.attempt.number} of {one.attempts}")
    if one.penalty:
        parts.append(f"late: -{percent_text(one.penalty)}")
    by_hand = [given.question for given in one.overrides if given.question is not None]
    if by_hand:
        parts.append(f"given by hand: {', '.join(by_hand)}")
    if one.given_total is not None:
        parts.append("points given by hand")
    if one.when.problem:
        parts.append("time of handing in to be looked at")
    return parts
