"""Read the standings from the gradebook and show them, the same in every command."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from grader.cli._output import note, one_line
from grader.submissions.packed import Packed

if TYPE_CHECKING:
    from fractions import Fraction

    from grader.gradebook.course import Course
    from grader.gradebook.gradebook import Gradebook
    from grader.gradebook.records import StoredAttempt, StoredMark
    from grader.gradebook.standing import Standing, UnreadableRecords

LONGEST_NAME = 40


def read_standings(
    book: Gradebook,
    course: Course,
    exercise: str | None = None,
    student: str | None = None,
    failed: list[UnreadableRecords] | None = None,
) -> list[Standing]:
    """The standings; a student whose records cannot be read is left out, with a note.

    Args:
        book: The gradebook.
        course: The policies.
        exercise: Of this exercise only.
        student: Of this student only.
        failed: Gets those who are left out.
    """
    from grader.gradebook.read_records import stored_attempts

    with book.reading() as connection:
        attempts = stored_attempts(connection, exercise, student)
    return standings_of(book, course, attempts, exercise, student, failed)


def standings_of(
    book: Gradebook,
    course: Course,
    attempts: Sequence[StoredAttempt],
    exercise: str | None = None,
    student: str | None = None,
    failed: list[UnreadableRecords] | None = None,
) -> list[Standing]:
    """The standings for attempts that are already read; see `read_standings`.

    Args:
        book: The gradebook.
        course: The policies.
        attempts: By student, exercise and number.
        exercise: Of this exercise only.
        student: Of this student only.
        failed: Gets those who are left out.
    """
    from grader.gradebook.current import current_standings

    failed = [] if failed is None else failed
    with book.reading() as connection:
        found = current_standings(connection, course, exercise, student, failed, attempts)
    _note_failed(failed)
    return found


IN_PART = 500
"""Students whose standings are in memory at once; SQLite takes ten times as long for each of 2,000."""


def read_standings_of(
    book: Gradebook,
    course: Course,
    exercise: str,
    students: Iterable[str],
    failed: list[UnreadableRecords],
) -> Iterator[list[Standing]]:
    """The standings of some students in an exercise, in parts, in their order; see `read_standings`.

    Args:
        book: The gradebook.
        course: The policies.
        exercise: Of this exercise only.
        students: Whose, each once, by name.
        failed: Gets those who are left out.
    """
    from grader.gradebook.current import current_standings

    names = iter(students)
    while some := list(islice(names, IN_PART)):
        with book.reading() as connection:
            yield current_standings(connection, course, exercise, some, failed)
    _note_failed(failed)


def _note_failed(failed: Iterable[UnreadableRecords]) -> None:
    for one in failed:
        note(f"{one.student} is left out of {one.exercise}: its records cannot be read ({one.reason})")


def reasons_of(book: Gradebook, found: Sequence[Standing]) -> dict[tuple[str, str], dict[str, str]]:
    """What students wrote in fields that are not marked, by student and exercise.

    Args:
        book: The gradebook.
        found: The standings.
    """
    from grader.gradebook.kept_reports import reasons_of as reasons_of_results

    with book.reading() as connection:
        words = reasons_of_results(connection, [one.attempt.result for one in found])
    written = (one for one in found if one.attempt.result in words)
    return {(one.student, one.exercise): words[one.attempt.result] for one in written}


def note_times(found: Sequence[Standing]) -> None:
    """Print a note for each time of handing in that cannot be used or cannot be true, and their number."""
    notes = TimeNotes()
    notes.add(found)
    notes.show()


class TimeNotes:
    """Notes for staff on doubtful times of handing in, collected part by part; see `note_times`."""

    def __init__(self) -> None:
        self.doubtful: list[str] = []
        self.untimed = 0

    def add(self, found: Sequence[Standing]) -> None:
        """Look at the times of some students."""
        self.doubtful += [line for one in found for line in _doubts(one)]
        self.untimed += sum(one.untimed for one in found if _needs_times(one))

    def show(self) -> None:
        """Print the notes."""
        for line in self.doubtful:
            note(line)
        if self.doubtful:
            count = len(self.doubtful)
            times = "1 time" if count == 1 else f"{count} times"
            note(f"{times} of handing in to be looked at: see above")
        if self.untimed:
            are = "1 attempt is" if self.untimed == 1 else f"{self.untimed} attempts are"
            note(f"{are} accepted whenever handed in: no time is known to hold against cutoff and per_hour")


def _doubts(one: Standing) -> list[str]:
    """Doubts about times: of the attempt that counts, and of those that are not accepted."""
    lines = []
    if one.when.problem:
        what = "" if one.when.at is not None else "; nothing is taken off for being late"
        lines.append(f"{one.student}: {one.when.problem}{what}")
    others = (each for each in one.refused if each.number != one.attempt.number and each.when.problem)
    lines += [f"{one.student}: attempt {each.number}, not accepted: {each.when.problem}" for each in others]
    return lines


def _needs_times(one: Standing) -> bool:
    return one.policy.cutoff is not None or one.policy.attempts.per_hour is not None


def standing_table(found: Sequence[Standing], reasons: Mapping[str, Mapping[str, str]] | None = None) -> str:
    """One line a student, and what was written in words.

    Args:
        found: In the order to be shown.
        reasons: For each student what was written in fields that are not marked, by question.
    """
    table = StandingTable()
    table.add(found, reasons)
    return "".join(table.parts())


class StandingTable:
    """The table of `standing_table`, of which parts can be added; it keeps its rows packed."""

    def __init__(self) -> None:
        self._parts: list[Packed[tuple[str, str]]] = []
        self._width = 0

    def add(self, found: Sequence[Standing], reasons: Mapping[str, Mapping[str, str]] | None = None) -> None:
        """Add students.

        Args:
            found: The standings, in the order to be shown.
            reasons: For each student what was written in fields that are not marked, by question.
        """
        rows: list[tuple[str, str]] = []
        for one in found:
            line = _line_of(one.marks) if _is_of_marks_alone(one) else _line(one)
            if reasons:
                line = "\n".join([line, *reason_lines(reasons.get(one.student, {}))])
            rows.append((one_line(one.student), line))
        self._width = max([self._width, *(len(name) for name, _ in rows)])
        self._parts.append(Packed(rows))

    def parts(self) -> Iterator[str]:
        """All lines, so many at a time: of a large class they are megabytes."""
        width = min(self._width, LONGEST_NAME)
        for part in self._parts:
            for start in range(0, len(part), IN_PART):
                rows = part[start : start + IN_PART]
                yield "".join(f"{name:{width}}  {line}\n" for name, line in rows)


def reason_lines(reasons: Mapping[str, str]) -> list[str]:
    """What a student wrote in fields that are not marked, one line a question."""
    return [f"    {question}, in words: {one_line(text)}" for question, text in reasons.items()]


def _is_of_marks_alone(one: Standing) -> bool:
    """Whether a student's row has the marks of one attempt and nothing else, as most of a class."""
    more = one.penalty or one.hints or one.overrides or one.refused or one.when.problem
    return one.attempts == 1 and one.given_total is None and not more


def _line(one: Standing) -> str:
    from grader.classroom.remarks import remarks

    return _with_points(one.points, one.max_points, [_verdicts(one.marks), *remarks(one)])


@functools.lru_cache(maxsize=4096)
def _line_of(marks: tuple[StoredMark, ...]) -> str:
    from grader.gradebook.standing import sums_of

    sums = sums_of(marks)
    return _with_points(sums.points, sums.max_points, [_verdicts(marks)])


def _with_points(points: Fraction, most: Fraction, rest: Sequence[str]) -> str:
    from grader.gradebook.standing import share
    from grader.model.share import points_text
    from grader.reports.wording import percent_text

    of = f"{points_text(points)} / {points_text(most)}"
    return f"{of:>13}  {percent_text(share(points, most)):>5}  {'; '.join(rest)}".rstrip()


@functools.lru_cache(maxsize=4096)
def _verdicts(marks: tuple[StoredMark, ...]) -> str:
    counts = Counter(mark.verdict for mark in marks)
    return ", ".join(f"{count} {verdict}" for verdict, count in sorted(counts.items()))
