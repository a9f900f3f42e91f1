"""Step 3: the names to read and the calls to make in an answer, and their readings, question by question."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence

import msgspec

from grader.answers.drawing import course_secret
from grader.grading.resolve import Given
from grader.model.exercise import Exercise, Question
from grader.model.kind import Params
from grader.model.run import Call, Probe, Read, RunResult
from grader.model.submission import Submission


class Asked:
    """Questions of an exercise that are marked together, with their probes; serves any number of answers.

    Args:
        exercise: The exercise.
        questions: Those of its questions.
    """

    def __init__(self, exercise: Exercise, questions: Sequence[Question]) -> None:
        self.exercise = exercise
        self.questions = tuple(questions)
        self._flat = tuple(flat_names(exercise, question, questions) for question in questions)
        self._taken = names_asked_for(exercise)
        names = [
            name
            for question, flat in zip(questions, self._flat, strict=True)
            for name in (question.id, *flat, *question.asks.also)
        ]
        self._reads = tuple(map(Read, dict.fromkeys(names)))
        self._drawn_with: bytes | None = None
        self._calls: tuple[tuple[Call, ...], ...] = ()
        self._probes: tuple[Probe, ...] = ()

    def probes(self, submission: Submission) -> tuple[Probe, ...]:
        """All names to read and calls to make in an answer."""
        calls = self._calls_of(submission)
        return self._probes if any(calls) else self._reads

    def _calls_of(self, submission: Submission) -> tuple[tuple[Call, ...], ...]:
        """The calls of each question; kept from answer to answer until the course's secret changes."""
        if _is_data(submission):
            return ((),) * len(self.questions)
        secret = course_secret()
        if self._drawn_with != secret:
            self._calls = tuple(calls_of(self.exercise, question) for question in self.questions)
            self._probes = (*self._reads, *(call for calls in self._calls for call in calls))
            self._drawn_with = secret
        return self._calls

    def given(self, submission: Submission, result: RunResult) -> Iterator[Given]:
        """The readings of each question."""
        at, calls_each = 0, self._calls_of(submission)
        for question, flat, made in zip(self.questions, self._flat, calls_each, strict=True):
            count = len(made)
            calls = result.calls[at : at + count]
            yield Given(question, flat, calls, result, self._taken, submission.left_out)
            at += count


def _is_data(submission: Submission) -> bool:
    """Whether an answer has data files only: it holds no function, so no instances need be drawn.

    False for an answer without files: `rnngrade.check` marks functions of the calling program.
    """
    return bool(submission.files) and not submission.has_code


def calls_of(exercise: Exercise, question: Question) -> tuple[Call, ...]:
    """The calls of a question, with its id and the places where its function may stand."""
    if question.asks.function is None:
        return ()
    places = places_of(exercise, question)
    cpu_s = question.call_cpu_s or exercise.limits.call_cpu_s
    return _calls(question.check.probes, question.params, places, cpu_s, course_secret())


def places_of(exercise: Exercise, question: Question) -> tuple[tuple[str, ...], ...]:
    """Where the function of a question may stand, best first.

    A function with only the question's name may be a helper (gru beside gru_bptt). So that place comes
    first only where another question has the function's name, or asks for a function of that name.
    """
    function = question.asks.function
    if function is None:
        return ()
    others = (other for other in exercise.questions if other.id != question.id)
    is_shared = any(function in (other.id, other.asks.function) for other in others)
    own, top = (question.id,), (function,)
    return ((question.id, function), *((own, top) if is_shared else (top, own)))


@functools.lru_cache(maxsize=64)
def _calls(
    probes: Callable[[Params], tuple[Call, ...]],
    params: Params,
    places: tuple[tuple[str, ...], ...],
    cpu_s: float,
    secret: bytes,
) -> tuple[Call, ...]:
    """The calls of a question; cached, as drawing instances takes longer than reading most answers."""
    return tuple(
        msgspec.structs.replace(call, question=places[0][0], function=places, cpu_s=cpu_s)
        for call in probes(params)
    )


def flat_names(exercise: Exercise, question: Question, asked: Sequence[Question]) -> tuple[str, ...]:
    """Fields of a question that may stand at top level: those whose name no other question has.

    If it alone is marked, fields of other questions may have the name, and the parts of an only field may
    stand there too. The id of another question always belongs to that one.
    """
    ids = {other.id for other in exercise.questions if other.id != question.id}
    own = tuple(name for name in (*question.asks.fields, *question.asks.optional) if name not in ids)
    if len(asked) == 1:
        return (*own, *(part for part in question.asks.parts if part not in ids))
    others = {
        name
        for other in exercise.questions
        if other.id != question.id
        for name in (*other.asks.fields, *other.asks.optional)
    }
    return tuple(name for name in own if name not in others)


def names_asked_for(exercise: Exercise) -> frozenset[str]:
    """Every name that an answer to the exercise may have at top level."""
    return frozenset(
        name
        for question in exercise.questions
        for name in (question.id, question.asks.function, *question.asks.fields, *question.asks.optional)
        if name is not None
    )
