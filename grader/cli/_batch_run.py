"""A run of `rnngrade batch`: its class and settings, the marking, and the summary at its end."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING

import click

from grader.cli._progress import ProgressBar

if TYPE_CHECKING:
    from pathlib import Path

    from grader.classroom.batch import Event
    from grader.classroom.pending import Assignment
    from grader.classroom.whose import ClassVariants
    from grader.gradebook.course import Course
    from grader.gradebook.gradebook import Gradebook
    from grader.lms import ClassListing
    from grader.lms.roster import RosterRow
    from grader.model.submission import SubmittedFiles


@dataclass(frozen=True)
class BatchRun:
    """The class folder, exercise, gradebook and settings of a run.

    Args:
        assignment: What is marked.
        folder: The class folder.
        listing: What is in it.
        gradebook: Where results are kept.
        executor: Other machines.
        jobs: Worker processes.
        course: A course file's text, and the policies in it.
        pages: Where the class goes as pages.
        roster: Who should have handed something in; empty where that is not known.
    """

    assignment: Assignment
    folder: Path
    listing: ClassListing
    gradebook: str
    executor: str | None
    jobs: int | None
    course: tuple[str, Course] | None
    pages: Path | None
    roster: Sequence[RosterRow] = ()

    @cached_property
    def students(self) -> set[str]:
        """Everybody who handed something in, members of groups each."""
        return set(self._names())

    def _names(self) -> Iterator[str]:
        return (name for one in self.listing.submissions for name in one.members or (one.student,))

    def in_order(self) -> Iterator[str]:
        """Everybody once, in the order of their names."""
        if any(one.members for one in self.listing.submissions):
            return iter(sorted(self.students))
        # The listing has that order already: a set of all names takes as much memory as their marks.
        return (name for name, _ in groupby(self._names()))

    @property
    def needs_isolation(self) -> bool:
        """Whether any answer may have code, so that isolation is needed."""
        names = (path for one in self.listing.submissions for path in one.paths)
        return not self.assignment.is_unsafe_ok and any(not name.lower().endswith(".json") for name in names)


def _variants(run: BatchRun, book: Gradebook) -> ClassVariants:
    """The variants of everybody in the folder, the roster or the gradebook."""
    from grader.classroom.whose import ClassVariants
    from grader.cli._class import course_of, require_secret, secret_of
    from grader.gradebook.read_records import student_ids
    from grader.lms.roster import ids_of

    exercise = run.assignment.exercise
    secret = secret_of(course_of(book, None))
    require_secret(exercise, secret)
    if not exercise.varies:
        return ClassVariants(exercise, secret)
    with book.reading() as connection:
        students = {*student_ids(connection), *run.students}
    members = {one.student: one.members for one in run.listing.submissions if one.members}
    ids = ids_of(sorted(students), run.roster)
    others = (one.id for one in run.roster)
    return ClassVariants(exercise, secret, [*others, *sorted(students)], members, ids)


def mark_class_folder(run: BatchRun, book: Gradebook) -> Tally:
    """Mark the submissions that have no result in the gradebook yet, and print how many those were.

    Args:
        run: What to mark.
        book: Where results are kept.

    Returns:
        Counts, and notes on single submissions.
    """
    from grader.submissions.packed import Packed

    variants, tally = _variants(run, book), Tally()
    started = time.monotonic()
    total = sum(len(one.members) or 1 for one in run.listing.submissions)
    with ProgressBar(total, "submissions") as bar:
        changed = Packed(_changed(run, book, tally, bar))
        if changed:
            _mark(run, book, changed, variants, tally, bar)
    seconds = time.monotonic() - started
    counts = tally.counts
    message = f"marked {counts['marked']} in {seconds:.1f} s"
    message += f", {counts['same']} identical to another" if counts["same"] else ""
    message += f", {counts['there']} were in the gradebook already" if counts["there"] else ""
    click.echo(message, err=True)
    if tally.remarked:
        click.echo(f"{tally.remarked} had been marked with another version and are marked anew", err=True)
    return tally


def _changed(run: BatchRun, book: Gradebook, tally: Tally, bar: ProgressBar) -> Iterator[SubmittedFiles]:
    """The submissions that are to be read; the others, untouched since they were marked, are counted."""
    from grader.classroom.class_files import each_unchanged

    with book.reading() as connection:
        found = each_unchanged(connection, run.folder, run.listing.submissions, run.assignment.exercise)
        for one, is_unchanged in found:
            if is_unchanged:
                tally.add_unread(one)
                bar.step(len(one.members) or 1, is_work=False)
            else:
                yield one


def _mark(
    run: BatchRun,
    book: Gradebook,
    submissions: Iterable[SubmittedFiles],
    variants: ClassVariants,
    tally: Tally,
    bar: ProgressBar,
) -> None:
    """Read submissions, and mark those that are not in the gradebook."""
    from grader.classroom.batch import run_class
    from grader.classroom.class_files import Stamps, attempts_in
    from grader.classroom.machines import machines_for

    exercise = run.assignment.exercise

    def watch(event: Event) -> None:
        tally.add(event, exercise.id)
        bar.step(is_work=event.how != "there")

    with machines_for(run.executor, run.jobs, exercise, needs_isolation=run.needs_isolation) as machines:
        try:
            attempts = attempts_in(run.folder, submissions, exercise.id, Stamps(exercise))
            run_class(run.assignment, attempts, book, machines, watch, variants)
        except KeyboardInterrupt:
            machines.give_up()
            click.echo(
                f"stopped after {bar.done} of {bar.total}; all of them are kept. "
                "Give the same command again to go on.",
                err=True,
            )
            raise


@dataclass
class Tally:
    """Counts and notes of a run, for the summary at its end.

    Args:
        counts: How many were marked, identical, or there already.
        remarked: How many had been marked with another version of the exercise or grader.
        undecided: How many the grader could not decide.
        notes: What staff should look at, a line each.
        groups: The group of each student who is in one.
    """

    counts: Counter[str] = field(default_factory=Counter)
    remarked: int = 0
    undecided: int = 0
    notes: list[str] = field(default_factory=list)
    groups: dict[str, str] = field(default_factory=dict)

    def add(self, event: Event, exercise: str) -> None:
        """Count one attempt.

        Args:
            event: What happened.
            exercise: The id that it was marked as.
        """
        student = event.attempt.student
        self.counts[event.how] += 1
        self.remarked += event.is_remarked
        if event.attempt.group:
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
        if messages := event.result.staff_messages:
            more = f", and {len(messages) - 1} more" if len(messages) > 1 else ""
            first = messages[0].partition("\n")[0]
            self.notes.append(f"{student}: for staff: {first}{more} (see `rnngrade gradebook history`)")

    def add_unread(self, submitted: SubmittedFiles) -> None:
        """Count a submission that was not read again, since its mark is there and its files are untouched."""
        self.counts["there"] += len(submitted.members) or 1
        self.groups.update(dict.fromkeys(submitted.members, submitted.student))

    def _is_one_group(self, event: Event) -> bool:
        """Whether both students are in one group, which hands in once for all."""
        group = event.attempt.group
        return bool(group) and self.groups.get(event.same_as or "") == group

    def _note_other_exercise(self, event: Event, exercise: str) -> None:
        from grader.specs import list_exercises
        from grader.submissions import name_exercise

        naming = name_exercise(event.attempt.submission, list_exercises())
        if naming.exercise not in (None, exercise):
            how = "says that it is" if naming.how == "stated" else "looks like an answer"
            self.notes.append(f"{event.attempt.student}: {how} for {naming.exercise}; marked as {exercise}")
