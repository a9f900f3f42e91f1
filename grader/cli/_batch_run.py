"""The run of `batch`: progress while it goes, one line a student at its end."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli import _output
from grader.cli._output import one_line

if TYPE_CHECKING:
    from grader.classroom.batch import Event
    from grader.classroom.pending import Assignment
    from grader.gradebook.course import Course
    from grader.gradebook.gradebook import Gradebook
    from grader.lms import ClassListing


@dataclass(frozen=True)
class Plan:
    """All that a run needs.

    Args:
        asked: What is marked.
        folder: The class folder.
        listed: What is in it.
        gradebook: Where results are kept.
        executor: Other machines.
        jobs: Worker processes.
        course: A course file's text, and what it says.
    """

    assignment: Assignment
    folder: Path
    listed: ClassListing
    gradebook: str
    executor: str | None
    jobs: int | None
    course: tuple[str, Course] | None

    @property
    def needs_isolation(self) -> bool:
        """Whether any answer may have code, and that must be shut in."""
        names = (path for one in self.listed.submissions for path in one.paths)
        return not self.assignment.is_unsafe_ok and any(not name.lower().endswith(".json") for name in names)


@dataclass
class Tally:
    """What happened so far.

    Args:
        counts: How many were marked, identical, or there already.
        remarked: How many had been marked with another version of the exercise or grader.
        undecided: Students and why, where the grader could not decide.
        notes: What staff should look at.
        groups: The group in which each student handed in, where it was one.
    """

    counts: Counter[str] = field(default_factory=Counter)
    remarked: int = 0
    undecided: int = 0
    notes: list[str] = field(default_factory=list)
    groups: dict[str, str] = field(default_factory=dict)

    def add(self, event: Event, exercise: str) -> None:
        """Count one hand-in.

        Args:
            event: What happened.
            exercise: The id that it was marked as.
        """
        student = event.attempt.student
        self.counts[event.how] += 1
        self.remarked += event.is_remarked
        self.groups[student] = event.attempt.group
        if event.same_as is not None and event.same_as != student and not self._is_one_group(event):
            self.notes.append(
                f"{student}: it is identical to what {event.same_as} handed in, and judged once"
            )
        for line in event.attempt.submission.left_out if event.result else ():
            self.notes.append(f"{student}: this was not read: {line}")
        if event.result is None:
            return
        if event.result.is_undecided:
            self.undecided += 1
            self.notes.append(f"{student} is undecided: {event.reason or 'see `rnngrade gradebook history`'}")
            return
        if all(mark.verdict == "missing" for mark in event.result.marks):
            self._note_other_exercise(event, exercise)
        if told := event.result.staff_messages:
            more = f", and {len(told) - 1} more" if len(told) > 1 else ""
            first = told[0].partition("\n")[0]
            self.notes.append(f"{student}: for staff: {first}{more} (see `rnngrade gradebook history`)")

    def _is_one_group(self, event: Event) -> bool:
        """Whether what is identical is the one hand-in of a group."""
        group = event.attempt.group
        return bool(group) and self.groups.get(event.same_as or "") == group

    def _note_other_exercise(self, event: Event, exercise: str) -> None:
        from grader.specs import list_exercises
        from grader.submissions import name_exercise

        naming = name_exercise(event.attempt.submission, list_exercises())
        if naming.exercise not in (None, exercise):
            how = "says that it is" if naming.how == "stated" else "looks like an answer"
            self.notes.append(f"{event.attempt.student}: {how} for {naming.exercise}; marked as {exercise}")


def run(plan: Plan) -> bool:
    """Mark the class.

    Args:
        plan: What to do.

    Returns:
        Whether anything is undecided.
    """
    from grader.cli._machines import require_isolation
    from grader.gradebook.gradebook import open_gradebook
    from grader.gradebook.writing import keep_course

    require_isolation(needs_isolation=plan.needs_isolation, executor=plan.executor)
    with open_gradebook(plan.gradebook) as book, book.sole_writer():
        if plan.course is not None:
            with book.signing() as connection:
                keep_course(connection, plan.course[0])
        tally = _marked(plan, book)
        return _told(plan, book, tally)


def _marked(plan: Plan, book: Gradebook) -> Tally:
    from grader.classroom.batch import attempts_in, run_class
    from grader.cli._machines import machines
    from grader.cli._progress import Progress

    submissions, exercise = plan.listed.submissions, plan.assignment.exercise
    tally = Tally()
    started = time.monotonic()
    total = sum(len(one.members) or 1 for one in submissions)

    with (
        machines(plan.executor, plan.jobs, exercise, needs_isolation=plan.needs_isolation) as marking,
        Progress(total, "hand-ins") as bar,
    ):

        def watch(event: Event) -> None:
            tally.add(event, exercise.id)
            bar.step(is_work=event.how != "there")

        try:
            run_class(
                plan.assignment, attempts_in(plan.folder, submissions, exercise.id), book, marking, watch
            )
        except KeyboardInterrupt:
            marking.give_up()
            click.echo(
                f"stopped after {bar.done} of {total}; all of them are kept. "
                "Give the same command again to go on.",
                err=True,
            )
            raise
    seconds = time.monotonic() - started
    counts = tally.counts
    told = f"marked {counts['marked']} in {seconds:.1f} s"
    told += f", {counts['same']} identical to another" if counts["same"] else ""
    told += f", {counts['there']} were in the gradebook already" if counts["there"] else ""
    click.echo(told, err=True)
    if tally.remarked:
        click.echo(f"{tally.remarked} had been marked with another version and are marked anew", err=True)
    return tally


def _told(plan: Plan, book: Gradebook, tally: Tally) -> bool:
    """Print what stands for each student of the folder, in the order of the listing."""
    from grader.cli import _course_file, _standing_table, _standings

    course = _course_file.standing_course(book, None)
    _course_file.note_unknown(book, course)
    exercise = plan.assignment.exercise.id
    found = _standings.read(book, course, exercise)
    students = {name for one in plan.listed.submissions for name in one.members or (one.student,)}
    here = [one for one in found if one.student in students]
    _output.show(_standing_table.lines(here))
    for line in tally.notes:
        click.echo(f"note: {one_line(line)}", err=True)
    _standings.note_times(here)
    # What could not be read is not kept, and what is undecided may have a decided attempt before it.
    undecided = max(sum(one.is_undecided for one in here), tally.undecided)
    if undecided:
        are = "is" if undecided == 1 else "are"
        click.echo(
            f"{undecided} {are} undecided: nothing counts as wrong because of it; "
            "run again, or `rnngrade gradebook override`",
            err=True,
        )
    return undecided > 0
