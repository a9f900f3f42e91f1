"""The folder of a course: its course file, its roster, its exercises and each student's variants of them.

It is read again when a file in it has changed.
"""

from __future__ import annotations

import dataclasses
import logging
import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from grader.answers.drawing import SECRET_ENV, course_secret
from grader.classroom import task
from grader.classroom.task import ExerciseText
from grader.errors import CannotDo, GraderError
from grader.gradebook.course import NO_POLICIES, Course, read_course
from grader.kinds import find_kind, kind_names
from grader.lms.roster import RosterRow, ids_of, read_roster
from grader.model.exercise import Exercise
from grader.specs import Kinds, load_exercise
from grader.specs.catalog import installed_files
from grader.specs.load import EXERCISE_FILE, exercise_id
from grader.variants.code import code_of

LOG = logging.getLogger("rnngrade.serve")

COURSE_FILE = "course.toml"
ROSTER_FILE = "roster.csv"
EXERCISES = "exercises"
DATABASE = "course.db"


@dataclass(frozen=True)
class CourseFolder:
    """The contents of a course's folder.

    Args:
        folder: The folder.
        course: Due times, attempts, penalties.
        course_text: The course file; empty where there is none.
        exercises: By id, in the order of their files.
        roster: Who may come in, with everything by which a file may name them; empty where there is none.
        problem: Why the files cannot be read as they are now, for instructors; empty where they can.
    """

    folder: Path
    course: Course
    course_text: str
    exercises: dict[str, Exercise]
    roster: tuple[RosterRow, ...] = ()
    problem: str = ""

    @property
    def secret(self) -> bytes:
        """The secret by which variants are drawn; empty where the course has none."""
        return self.course.secret.encode() or course_secret()

    def text_of(self, exercise: str, variant: str = "") -> ExerciseText:
        """The exercise's file, as workers get it, and the variant in which they are to read it."""
        found = self.exercises[exercise]
        return ExerciseText(found.id, found.digest, found.text, variant)

    def ids_of(self, students: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """All ids that the roster has of each: an answer may be for the variant of any of them."""
        return ids_of(students, self.roster)

    def exercise_for(self, student: str, exercise: str) -> Exercise:
        """The exercise as one student has it; where it varies, drawing it takes a moment the first time."""
        found = self.exercises[exercise]
        if not found.varies or not self.secret:
            return found
        return DRAWN.of(self.text_of(exercise, code_of(student, exercise, self.secret)))


class ChangingFolder:
    """A course's folder, read again when a file in it has changed.

    Args:
        path: The folder.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._state: object = None
        self._course: CourseFolder | None = None

    def read(self) -> CourseFolder:
        """The course as the folder has it; one that cannot be read any more stays as it was."""
        state = self._state_now()
        if self._course is None:
            self._course = read_course_folder(self.path)
        elif state != self._state:
            self._course = self._read_again(self._course)
        self._state = state
        return self._course

    def _read_again(self, before: CourseFolder) -> CourseFolder:
        try:
            return read_course_folder(self.path)
        except Exception as error:
            # Without a word an instructor would believe that the change holds.
            LOG.warning("the course's files cannot be read; it stays as it was", exc_info=True)
            words = str(error) if isinstance(error, GraderError) else "a file cannot be read"
            return dataclasses.replace(before, problem=words.replace(f"{self.path}/", ""))

    def _state_now(self) -> object:
        files = [self.path / COURSE_FILE, self.path / ROSTER_FILE, *_own_exercises(self.path)]
        return [(str(file), file.stat().st_mtime_ns) for file in files if file.is_file()]


def read_course_folder(folder: Path) -> CourseFolder:
    """Read a course's folder.

    Args:
        folder: With exercises in `exercises/`, named in `course.toml` where they come along, or both; and
            `roster.csv`, if there is one.

    Raises:
        CannotDo: If there is no exercise, or one is different for each student and the course has no secret.
        SpecError: If a file in it is wrong.
        SubmissionError: If the roster is none.
    """
    if not folder.is_dir():
        raise CannotDo("there is no such folder", "make one with a folder exercises/ in it", str(folder))
    file = folder / COURSE_FILE
    text = file.read_text(encoding="utf-8") if file.is_file() else ""
    course = read_course(text, str(file)) if text else NO_POLICIES
    exercises = {one.id: one for one in map(read_exercise, exercise_files(folder, course))}
    if not exercises:
        hint = f"put some into {EXERCISES}/, or name one that comes along in {COURSE_FILE}: [exercise.ID]"
        raise CannotDo("the course has no exercises", hint, str(folder))
    roster = folder / ROSTER_FILE
    found = CourseFolder(folder, course, text, exercises, read_roster(roster) if roster.is_file() else ())
    require_secret(found)
    return found


def require_secret(course: CourseFolder) -> None:
    """Refuse a course that draws variants and has no secret, or two.

    Raises:
        CannotDo: If an exercise is different for each student and there is no secret, or there are two.
    """
    own, of_environment = course.course.secret.encode(), course_secret()
    if own and of_environment and own != of_environment:
        raise CannotDo(
            f"the course file and {SECRET_ENV} have different secrets", "keep one", str(course.folder)
        )
    drawn = next((one for one in course.exercises.values() if one.values), None)
    if drawn is not None and not course.secret:
        raise CannotDo(
            f"{drawn.id} is different for each student, and whose variant is which follows from the "
            "course's secret",
            f'write secret = "..." into {COURSE_FILE}, or set {SECRET_ENV}',
            str(course.folder),
        )


def read_exercise(path: Path, *, with_examples: bool = False) -> Exercise:
    """An exercise of the course.

    Raises:
        SpecError: If its file is wrong.
    """
    kinds = Kinds(kind_names(), find_kind)
    return load_exercise(path, kinds, with_examples=with_examples, shown_as=path.name)


def exercise_files(folder: Path, course: Course) -> list[Path]:
    """The files in the folder, then those that come along and that the course file names.

    Raises:
        CannotDo: If the course file names one that is neither.
    """
    found = sorted(_own_exercises(folder))
    ids = {exercise_id(path) for path in found}
    come_along = installed_files()
    named = [name for name in course.exercise if name not in ids]
    if unknown := [name for name in named if name not in come_along]:
        raise CannotDo(
            f"the course file names {unknown[0]!r}, which is neither in {EXERCISES}/ nor comes along",
            "`rnngrade list` shows those that come along",
            str(folder / COURSE_FILE),
        )
    return [*found, *(come_along[name] for name in named)]


def _own_exercises(folder: Path) -> Iterator[Path]:
    own = folder / EXERCISES
    yield from own.glob("*.toml")
    yield from own.glob(f"*/{EXERCISE_FILE}")


MOST_DRAWN_BYTES = 64 * 2**20
BYTES_EACH = 5
"""Bytes in memory for each of a file: measured for `rnn-paper`, and for others less."""


class DrawnExercises:
    """The variants that were asked for last: drawing one takes longer than showing it.

    Args:
        most_bytes: For all of them together, about; the one that is asked for is always given.
    """

    def __init__(self, most_bytes: int = MOST_DRAWN_BYTES) -> None:
        self.most_bytes = most_bytes
        self._kept: OrderedDict[tuple[str, str, str], Exercise] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def of(self, file: ExerciseText) -> Exercise:
        """The exercise of a file, in the variant that is named with it.

        Raises:
            GraderError: If it cannot be read.
        """
        key = (file.id, file.digest, file.variant)
        with self._lock:
            if (found := self._kept.get(key)) is not None:
                self._kept.move_to_end(key)
                return found
        # Without the lock: others are shown theirs meanwhile.
        made = task.read_exercise(file)
        with self._lock:
            if key not in self._kept:
                self._kept[key] = made
                self._bytes += BYTES_EACH * len(made.text)
            while self._bytes > self.most_bytes and len(self._kept) > 1:
                _, gone = self._kept.popitem(last=False)
                self._bytes -= BYTES_EACH * len(gone.text)
        return made


DRAWN = DrawnExercises()
"""Shared by all courses of the process: a changed file has another digest."""
