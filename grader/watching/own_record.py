"""A student's own record of attempts and hints, in a small file beside the answer.

It is a reminder: the course's own record counts. Whatever is wrong with the file, no command stops: it is
begun anew, and that is said.
"""

from __future__ import annotations

import datetime
import errno
import os
from collections.abc import Callable, Collection, Mapping
from fractions import Fraction
from pathlib import Path

import msgspec

from grader.errors import SubmissionError
from grader.model.exercise import Exercise, Question
from grader.model.hints import HintOffer, hint_offer, shown_freely
from grader.model.outcome import Verdict
from grader.model.report import QuestionReport, Report
from grader.reports.printable import one_line
from grader.reports.whole_file import write_whole
from grader.reports.wording import cost_text
from grader.specs.decoding import read_fraction
from grader.submissions.safe_read import read_regular_file

SCHEMA = "rnngrade/own-record/1"
SUFFIX = ".rnngrade"
ABOUT = (
    "Your own record of attempts and of the hints that you were shown. It is a reminder: what counts is what "
    "your course has recorded."
)
LIMIT_BYTES = 2**20
MOST_ATTEMPTS = 1000


class OwnHint(msgspec.Struct, frozen=True, kw_only=True):
    """A hint that was shown.

    Args:
        question: The question's id.
        number: Which of its hints, from 1.
        cost: Points that the student was told it costs, exact, as text.
        shown_at: ISO 8601 in UTC.
    """

    question: str
    number: int
    cost: str = "0"
    shown_at: str = ""


class OfExercise(msgspec.Struct, kw_only=True):
    """What is kept of one exercise.

    Args:
        attempts: Of each question the digests of the answers in which it was read.
        hints: Every hint that was shown, each once.
    """

    attempts: dict[str, list[str]] = {}
    hints: list[OwnHint] = []


class OwnRecord(msgspec.Struct, kw_only=True):
    """The whole file.

    Args:
        schema: Which form it has.
        about: What it is, for who opens it.
        exercises: By id.
    """

    schema: str = SCHEMA
    about: str = ABOUT
    exercises: dict[str, OfExercise] = {}


def record_place(answer: str) -> Path | None:
    """Where the record of an answer lies; None for standard input.

    A name that begins with a dot and does not end like an answer is never read as a part of one.
    """
    if answer == "-":
        return None
    path = Path(os.path.abspath(answer))
    return path / SUFFIX if path.is_dir() else path.with_name(f".{path.name}{SUFFIX}")


class OwnHints:
    """The record of one answer in one exercise; read at once, written whenever something is added.

    Args:
        answer: As typed.
        exercise: What it answers.
        note: Tells the student what is wrong with the file.
    """

    def __init__(self, answer: str, exercise: Exercise, note: Callable[[str], None]) -> None:
        self._place = record_place(answer)
        self._note = note
        self._whole = OwnRecord() if self._place is None else self._read(self._place)
        self._of = self._whole.exercises.setdefault(exercise.id, OfExercise())
        self._exercise = exercise

    @property
    def name(self) -> str:
        """How the file is called."""
        return "" if self._place is None else one_line(self._place.name)

    def offer(self, question: Question, number: int) -> HintOffer:
        """Whether a hint may be shown now."""
        return hint_offer(question.terms, number, self._shown(question.id), self._attempts(question.id))

    def add_shown(self, question: Question, offer: HintOffer) -> None:
        """Keep that a hint was shown; once, however often it is."""
        if offer.number in self._shown(question.id):
            return
        at = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
        hint = OwnHint(question=question.id, number=offer.number, cost=str(offer.cost), shown_at=at)
        self._of.hints.append(hint)
        self._write()

    def add_attempt(self, report: Report) -> None:
        """Keep that an answer was marked; the same answer once more is no new attempt."""
        is_new = False
        for one in report.questions:
            digests = self._of.attempts.setdefault(one.id, [])
            if _is_attempt(one) and report.submission_digest not in digests[-MOST_ATTEMPTS:]:
                digests.append(report.submission_digest)
                is_new = True
        if is_new:
            self._write()

    def with_hints(self, report: Report) -> Report:
        """The report with all hints that may be shown without anything being paid for it now."""
        asked = {one.id: one for one in self._exercise.questions}
        questions = tuple(self._with_hints(one, asked[one.id]) for one in report.questions)
        return msgspec.structs.replace(report, questions=questions)

    def _with_hints(self, report: QuestionReport, question: Question) -> QuestionReport:
        count = shown_freely(question.terms, self._shown(question.id), self._attempts(question.id))
        held = len(question.hints) - count
        return msgspec.structs.replace(report, hints=question.hints[:count], held_hints=held)

    def costs(self) -> dict[str, Fraction]:
        """The points that hints cost so far, by question; those that cost nothing are left out."""
        found: dict[str, Fraction] = {}
        for one in self._of.hints:
            found[one.question] = found.get(one.question, Fraction(0)) + max(Fraction(one.cost), Fraction(0))
        return {question: cost for question, cost in found.items() if cost}

    def costs_text(self, costs: Mapping[str, Fraction]) -> str:
        """What hints cost so far, in a sentence."""
        each = ", ".join(f"{one_line(name)} {cost_text(cost)}" for name, cost in costs.items())
        what = "the points of the report are without that; what your course has recorded counts"
        return f"hints cost so far, by your own record {self.name}: {each}; {what}"

    def _shown(self, question: str) -> Collection[int]:
        return {one.number for one in self._of.hints if one.question == question}

    def _attempts(self, question: str) -> int:
        return len(set(self._of.attempts.get(question, ())))

    def _read(self, place: Path) -> OwnRecord:
        """The record in a file; an empty one where there is none, or it is none."""
        try:
            found = _checked(read_regular_file(str(place), limit_bytes=LIMIT_BYTES))
        except FileNotFoundError:
            return OwnRecord()
        except (OSError, SubmissionError) as error:
            return self._anew(str(getattr(error, "strerror", None) or error))
        except (msgspec.MsgspecError, ValueError, RecursionError):
            return self._anew("it is not as rnngrade writes it")
        return found if found.schema == SCHEMA else self._anew("it is of another rnngrade")

    def _anew(self, why: str) -> OwnRecord:
        self._note(f"your own record {self.name} is begun anew: {why}. What your course has recorded counts")
        return OwnRecord()

    def _write(self) -> None:
        if self._place is None:
            return
        data = msgspec.json.format(msgspec.json.encode(self._whole), indent=1)
        try:
            _require_file(self._place)
            write_whole(self._place, data + b"\n", is_private=True)
        except OSError as error:
            self._note(f"your own record {self.name} cannot be written: {error.strerror}")


def _require_file(place: Path) -> None:
    """Refuse to write into a pipe or a device, where it could wait for ever."""
    if os.path.lexists(place) and not os.path.islink(place) and not os.path.isfile(place):
        raise FileExistsError(errno.EEXIST, "something else has that name")


def _is_attempt(one: QuestionReport) -> bool:
    return one.outcome.verdict in (Verdict.CORRECT, Verdict.PARTIAL, Verdict.INCORRECT, Verdict.PENDING)


def _checked(data: bytes) -> OwnRecord:
    """The record in the bytes of a file.

    Raises:
        ValueError: If it is none, or one whose numbers are none.
    """
    found = msgspec.json.decode(data, type=OwnRecord)
    for of in found.exercises.values():
        for one in of.hints:
            read_fraction(one.cost)
    return found
