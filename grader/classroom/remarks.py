"""What stands beside a student's points in a table of the class."""

from __future__ import annotations

from grader.gradebook.policy import Why
from grader.gradebook.standing import Standing, taken_for
from grader.model.share import points_text
from grader.model.text import joined
from grader.reports.wording import percent_text

BREAKS: dict[Why, str] = {"cutoff": "after the cutoff", "per-hour": "too many in an hour"}


def remarks(one: Standing) -> list[str]:
    """Which attempt counts, what was taken off and what a person gave; empty for most."""
    parts = []
    if one.attempts > 1:
        parts.append(f"attempt {one.attempt.number} of {one.attempts}")
    parts += _not_accepted(one)
    if one.penalty and one.is_accepted:
        parts.append(f"late: -{percent_text(one.penalty)}")
    if taken := taken_for(one.hints):
        parts.append(f"hints: -{points_text(taken)}")
    by_hand = [given.question for given in one.overrides if given.question is not None]
    if by_hand:
        parts.append(f"given by hand: {', '.join(by_hand)}")
    if one.given_total is not None:
        parts.append("points given by hand")
    if one.when.problem:
        parts.append("time of handing in to be looked at")
    return parts


def _not_accepted(one: Standing) -> list[str]:
    """Which attempts are not accepted and why, a part for each reason."""
    parts = []
    for why, breaks in BREAKS.items():
        numbers = [str(each.number) for each in one.refused if each.why == why]
        if numbers and one.attempts > 1:
            attempts = "attempt" if len(numbers) == 1 else "attempts"
            parts.append(f"{attempts} {joined(numbers)} not accepted: {breaks}")
        elif numbers:
            parts.append(f"not accepted: {breaks}")
    return parts
