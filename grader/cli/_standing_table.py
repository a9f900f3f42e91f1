"""What stands, one line a student."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from grader.cli._output import one_line

if TYPE_CHECKING:
    from grader.gradebook.standing import Standing

LONGEST_NAME = 40


def lines(found: Sequence[Standing], reasons: Mapping[str, Mapping[str, str]] | None = None) -> str:
    """A table as text.

    Args:
        found: In the order to be shown.
        reasons: For each student what was written in fields that are not marked, by question.
    """
    from grader.reports.wording import percent_text, points_text

    names = [one_line(one.student) for one in found]
    width = min(max(map(len, names), default=0), LONGEST_NAME)
    rows = []
    for name, one in zip(names, found, strict=True):
        points = f"{points_text(one.points)} / {points_text(one.max_points)}"
        rows.append(f"{name:{width}}  {points:>13}  {percent_text(one.fraction):>5}  {_rest(one)}".rstrip())
        rows += in_words((reasons or {}).get(one.student, {}))
    return "".join(f"{row}\n" for row in rows)


def in_words(reasons: Mapping[str, str]) -> list[str]:
    """What a student wrote in fields that are not marked, one line a question.

    Args:
        reasons: By question.
    """
    return [f"    {question}, in words: {one_line(text)}" for question, text in reasons.items()]


def _rest(one: Standing) -> str:
    from grader.reports.wording import percent_text

    counts = Counter(mark.verdict for mark in one.marks)
    parts = [", ".join(f"{count} {verdict}" for verdict, count in sorted(counts.items()))]
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
    return "; ".join(parts)
