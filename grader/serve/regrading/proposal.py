"""Whose standing a regrade would change if it were applied, and the blocks of a page that show it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Any

import msgspec
from sqlalchemy import Connection, Row

from grader.classroom.regrade import changes
from grader.gradebook.course import Course
from grader.gradebook.current import current_standings
from grader.gradebook.read_records import stored_attempts
from grader.gradebook.records import StoredAttempt, StoredMark
from grader.gradebook.standing import Standing
from grader.model.share import points_text
from grader.model.text import counted, joined
from grader.reports.html.elements import Child, element, list_of, table
from grader.serve.frame import path_of_person
from grader.serve.regrading.settling import as_if_applied, marks_with
from grader.serve.regrading.trial import found_so_far


class Changed(msgspec.Struct, frozen=True):
    """One student whose standing changes.

    Args:
        student: The id.
        points: Before and after, as text.
        questions: Each that changes: its id, and what it was and becomes.
    """

    student: str
    points: tuple[str, str]
    questions: tuple[tuple[str, str, str], ...]


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """What a regrade changes.

    Args:
        changed: Who changes.
        unchanged: How many do not.
        undecided: Whose mark stays, as the grader could not decide anew.
        kept_lower: Whose mark stays, as it would have got fewer points.
        newer: How many attempts have another result since it began, and keep that one.
        by_hand: In how many places points given by hand stand over what changed.
        came_since: How many attempts were marked since by another version of the exercise.
    """

    changed: tuple[Changed, ...]
    unchanged: int
    undecided: tuple[str, ...] = ()
    kept_lower: tuple[str, ...] = ()
    newer: int = 0
    by_hand: int = 0
    came_since: int = 0


def propose(connection: Connection, course: Course, row: Row[Any]) -> Proposal:
    """What a regrade that is marked would change now."""
    attempts = stored_attempts(connection, row.exercise)
    trials = found_so_far(connection, row.id)
    after = [as_if_applied(row, one, trials.get(one.attempt)) for one in attempts]
    before = current_standings(connection, course, row.exercise, failed=[], attempts=attempts)
    standings = current_standings(connection, course, row.exercise, failed=[], attempts=after)
    differ = changes(before, standings)
    kept = [
        (one.student, marks)
        for one, new in zip(attempts, after, strict=True)
        if new is one
        and (found := trials.get(one.attempt)) is not None
        and found.held == one.result
        and (marks := marks_with(row.question, one.marks, found.marks)) != one.marks
    ]
    undecided = {student for student, marks in kept if any(mark.verdict == "undecided" for mark in marks)}
    return Proposal(
        changed=tuple(_changed(one.before, one.after, one.questions) for one in differ),
        unchanged=len(before) - len(differ),
        undecided=tuple(sorted(undecided)),
        kept_lower=tuple(sorted({student for student, _ in kept} - undecided)),
        newer=sum(one.attempt in trials and trials[one.attempt].held != one.result for one in attempts),
        by_hand=_by_hand(standings, attempts, after),
        came_since=sum(one.attempt not in trials and one.exercise_digest != row.digest for one in attempts),
    )


def _by_hand(
    standings: Sequence[Standing], before: Sequence[StoredAttempt], after: Sequence[StoredAttempt]
) -> int:
    """Points that people gave where the grader now says something else than before."""
    other = {
        (one.attempt, mark.question)
        for one, new in zip(before, after, strict=True)
        for mark in new.marks
        if mark not in one.marks
    }
    return sum((one.attempt.attempt, given.question) in other for one in standings for given in one.overrides)


def _changed(before: Standing, after: Standing, questions: Sequence[str]) -> Changed:
    old, new = ({mark.question: mark for mark in one.marks} for one in (before, after))
    return Changed(
        student=before.student,
        points=(_points_of(before.points, before.max_points), _points_of(after.points, after.max_points)),
        questions=tuple((name, _mark_text(old.get(name)), _mark_text(new.get(name))) for name in questions),
    )


def _mark_text(mark: StoredMark | None) -> str:
    if mark is None:
        return "not there"
    return f"{mark.verdict}, {_points_of(Fraction(mark.points), Fraction(mark.max_points))}"


def _points_of(points: Fraction, most: Fraction) -> str:
    return f"{points_text(points)} of {points_text(most)}"


def proposal_blocks(proposal: Proposal, change: str) -> list[Child]:
    """How many students change, what to know before it is applied, and old and new points of each.

    Args:
        proposal: What a regrade found.
        change: What the students do: "would change", or "changed".
    """
    total = len(proposal.changed) + proposal.unchanged
    summary = (
        f"{len(proposal.changed)} of {counted(total, 'student')} {change}; "
        f"{proposal.unchanged} stay as they are."
    )
    blocks: list[Child] = [element("p", {"class": "standing"}, summary)]
    blocks.append(list_of(_notes(proposal)))
    if proposal.changed:
        rows = [_row(one) for one in proposal.changed]
        blocks.append(table(["student", "points before", "points after", "questions"], rows, "Old and new"))
    return blocks


def _notes(proposal: Proposal) -> Iterator[str]:
    """What else one must know before a regrade is applied."""
    if proposal.undecided:
        yield f"{joined(proposal.undecided)} could not be decided anew, and keep their marks."
    if proposal.kept_lower:
        yield f"{joined(proposal.kept_lower)} would have got fewer points, and keep theirs."
    if proposal.by_hand:
        places = counted(proposal.by_hand, "place")
        yield f"Points given by hand stand in {places} where the grader says something else now."
    if proposal.newer:
        yield f"{counted(proposal.newer, 'attempt')} got another result since this began, and keep that one."
    if proposal.came_since:
        came = f"{counted(proposal.came_since, 'attempt')} came since this began"
        yield f"{came} and had another version of the exercise: begin another regrade after this one."


def _row(one: Changed) -> list[Child]:
    link = element("a", {"href": path_of_person(one.student)}, one.student)
    lines: Iterable[Child] = (f"{name}: {old} → {new}" for name, old, new in one.questions)
    return [link, *one.points, list_of(lines)]
