"""Which variant an answer of a class is marked as: the student's own, unless it says that it is another's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

import msgspec

from grader.classroom.pending import not_marked
from grader.gradebook.records import Attempt, StoredResult
from grader.model.exercise import Exercise
from grader.model.outcome import Feedback, Outcome, Verdict
from grader.model.submission import Submission
from grader.model.text import joined
from grader.submissions.which_exercise import stated_variants
from grader.variants.code import SAMPLE, code_of, is_slip_of, read_code

NO_GROUPS: Mapping[str, Iterable[str]] = {}
NO_OTHER_IDS: Mapping[str, Sequence[str]] = {}
NOT_MARKED = "It is kept and was not marked: your instructor decides."


class Whose(NamedTuple):
    """The variant as which an answer is marked.

    Args:
        variant: The code; empty for the exercise as it is declared.
        feedback: To student and staff, on the variant.
        is_marked: Whether it is marked at all.
    """

    variant: str = ""
    feedback: tuple[Feedback, ...] = ()
    is_marked: bool = True


class ClassVariants:
    """The variants of a class.

    Args:
        exercise: In any variant.
        secret: The course's; without one nobody's code is known.
        students: Ids of everybody whose code another student could hand in.
        members: Of each group: a variant stated by one of them is the whole group's.
        ids: Other ids from which a student's code may have been made; the first one's code is the default.
    """

    def __init__(
        self,
        exercise: Exercise,
        secret: bytes,
        students: Iterable[str] = (),
        members: Mapping[str, Iterable[str]] = NO_GROUPS,
        ids: Mapping[str, Sequence[str]] = NO_OTHER_IDS,
    ) -> None:
        self._exercise, self._secret, self._members, self._ids = exercise, secret, members, ids
        self._owners = {self._code(one): one for one in students} if exercise.varies and secret else {}

    def of(self, attempt: Attempt) -> Whose:
        """The variant of an attempt; the student's own if the answer states none.

        Args:
            attempt: With its bytes.
        """
        if not self._exercise.varies:
            return Whose()
        group = (attempt.group, *self._members.get(attempt.group, ())) if attempt.group else ()
        names = [id for one in (attempt.student, *group) for id in (*self._ids.get(one, ()), one)]
        own = [self._code(one) for one in names] if self._secret else []
        stated = _codes(attempt.submission, own)
        if len(stated) > 1:
            return _unmarked(f"The files of the answer are for different variants: {joined(stated)}.")
        if not stated:
            return self._unstated(attempt, own)
        (code,) = stated
        if code in own or not self._secret:
            return Whose(code)
        return self._others(code, attempt, own)

    def _code(self, student: str) -> str:
        return code_of(student, self._exercise.id, self._secret)

    def _unstated(self, attempt: Attempt, own: list[str]) -> Whose:
        if not self._exercise.values:
            return Whose()
        if attempt.group or not own:
            return _unmarked(
                "The answer does not say which variant it is for: write the code of one of you into it."
            )
        return Whose(own[0])

    def _others(self, code: str, attempt: Attempt, own: list[str]) -> Whose:
        owner = self._owners.get(code)
        whose = "the sample, for practice" if code == SAMPLE else f"variant {code}, which is not yours"
        message = f"This was written for {whose}; yours is {own[0]}."
        staff = (
            f"The answer is for variant {code}, which is "
            f"{f'that of {owner}' if owner else 'of nobody in this class'}, not {attempt.student}'s {own[0]}"
        )
        if not self._exercise.values:
            # Only the order of options differs, and the answer says in which it was written.
            return Whose(
                code, (Feedback("other-variant", message), Feedback("other-variant", staff, "staff"))
            )
        return _unmarked(message, f"{staff}; `rnngrade submit` marks it as it says")


def _codes(submission: Submission, own: list[str]) -> list[str]:
    """The variant codes in an answer; one letter may be mistyped in the student's own code only."""
    found: list[str] = []
    for text in stated_variants(submission):
        try:
            found.append(read_code(text))
        except ValueError:
            near = [code for code in own if is_slip_of(text, code)]
            found += near[:1]
    return list(dict.fromkeys(found))


def _unmarked(message: str, staff: str = "") -> Whose:
    feedback = [Feedback("other-variant", f"{message} {NOT_MARKED}")]
    feedback += [Feedback("other-variant", staff or message, "staff")]
    return Whose("", tuple(feedback), is_marked=False)


def unmarked(exercise: Exercise, submission: Submission, feedback: tuple[Feedback, ...]) -> StoredResult:
    """The result of an answer that is not the student's own variant: every question is invalid."""
    outcome = Outcome(verdict=Verdict.INVALID, fraction=Fraction(0), feedback=feedback)
    return not_marked(exercise, submission, outcome)


def with_messages(result: StoredResult, feedback: tuple[Feedback, ...]) -> StoredResult:
    """The result with messages added in front of the first question's feedback.

    Args:
        result: Of marking it; may hold for identical submissions of others, so it has nothing of this.
        feedback: To student and staff.
    """
    if not feedback:
        return result
    record = msgspec.json.decode(result.report)
    new = [{"code": one.code, "message": one.message, "audience": one.audience} for one in feedback]
    record["questions"][0]["feedback"][:0] = new
    return msgspec.structs.replace(result, report=msgspec.json.encode(record).decode())
