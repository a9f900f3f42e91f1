"""Load an exercise, mark an answer file, or mark names of the calling program."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from os import PathLike
from typing import Any, TypeAlias

import msgspec

from grader import kinds, specs
from grader.api.report import Report
from grader.errors import SpecError
from grader.grading import mark
from grader.grading.mark import Runner
from grader.model.exercise import Exercise, Limits
from grader.model.run import Call, CallReading, Fault, Probe, Protection, Read, RunResult
from grader.model.submission import Submission
from grader.model.text import joined
from grader.model.value import Value
from grader.sandbox.inside import faults
from grader.sandbox.inside.answers import Answers, Definition, is_public
from grader.sandbox.inside.calls import Instances, NotThere, called, resolve
from grader.sandbox.inside.encode import plain
from grader.sandbox.inside.objects import STUDENT_MODULES
from grader.submissions import build_submission, collect, name_exercise

AnswerPath: TypeAlias = "str | PathLike[str]"
STUDENT = "you"
PROTECTION = Protection(level="in-process")


def load(exercise: str) -> Exercise:
    """Implements `rnngrade.load`."""
    found = specs.find_exercise(exercise)
    known = specs.Kinds(kinds.kind_names(), kinds.find_kind)
    return specs.load_exercise(found.path, known, shown_as=found.shown_as)


def grade(
    answer: AnswerPath | Mapping[str, Any],
    exercise: str | Exercise | None = None,
    *,
    question: str | None = None,
    student: str | None = None,
) -> Report:
    """Implements `rnngrade.grade`."""
    if isinstance(answer, Mapping):
        loaded = _exercise(exercise or _stated(answer))
        return _marked_here(answer, loaded, question, student or STUDENT)
    submission = collect(str(answer), student)
    if exercise is None:
        exercise = name_exercise(submission, specs.list_exercises()).exercise
    loaded = _exercise(exercise)
    return Report(mark(loaded, submission, question_id=_id_of(loaded, question)))


def check(question: str, names: Mapping[str, Any], exercise: str | Exercise | None = None) -> Report:
    """Mark one question answered by names of the calling program.

    Args:
        question: Its id.
        names: The program's names and their values.
        exercise: Its id, its file, or as loaded; if left out, the one that `EXERCISE` names, else the one
            exercise that has such a question.

    Raises:
        SpecError: If it is not clear which exercise is meant, or it has no such question.
    """
    loaded = _exercise(exercise or _stated(names) or _with(question))
    return _marked_here(names, loaded, question, STUDENT)


def _marked_here(names: Mapping[str, Any], exercise: Exercise, question: str | None, student: str) -> Report:
    submission = build_submission(student, [], [])
    module = str(names.get("__name__", "__main__"))
    run = runner(names, module)
    return Report(mark(exercise, submission, question_id=_id_of(exercise, question), run=run))


def _exercise(given: str | Exercise | None) -> Exercise:
    if isinstance(given, Exercise):
        return given
    if given is None:
        ids = joined([one.id for one in specs.list_exercises()])
        raise SpecError("it is not said which exercise this answers", f"name one: {ids}")
    return load(given)


def _stated(names: Mapping[str, Any]) -> str | None:
    stated = names.get("EXERCISE")
    return stated if isinstance(stated, str) else None


def _with(question: str) -> str:
    """The one exercise that has such a question."""
    listed = specs.list_exercises()
    found = [one.id for one in listed if question in one.question_ids]
    if not found:
        ids = joined([one.id for one in listed])
        message = f"none of the exercises that come along has a question {question!r}"
        raise SpecError(message, f"they are {ids}; of another say exercise='its.toml'")
    if len(found) > 1:
        raise SpecError(f"{joined(found)} have a question {question!r}", "say exercise= which one is meant")
    return found[0]


def _id_of(exercise: Exercise, question: str | None) -> str | None:
    if question is None:
        return None
    for one in exercise.questions:
        if question in (one.id, one.label):
            return one.id
    known = joined([one.id for one in exercise.questions])
    raise SpecError(f"{exercise.id} has no question {question!r}", f"its questions are {known}")


def runner(names: Mapping[str, Any], module: str = "__main__") -> Runner:
    """A `Runner` that reads and calls these names in the caller's own program, without a sandbox.

    For a notebook, which marks its own code; never for a stranger's answer.

    Args:
        names: The caller's names and their values.
        module: In which the caller's own classes are defined.
    """

    def run(submission: Submission, probes: Sequence[Probe], limits: Limits) -> RunResult:
        STUDENT_MODULES.add(module)
        return _read(names, probes)

    return run


def _read(names: Mapping[str, Any], probes: Sequence[Probe]) -> RunResult:
    answers = Answers([], 0.0)
    answers.names = {name: Definition(0, value) for name, value in names.items()}
    instances = Instances()
    wanted = (probe.name for probe in probes if isinstance(probe, Read))
    return RunResult(
        names={name: _value(plain(names[name], True)) for name in wanted if name in names},
        seen=tuple(name for name, value in names.items() if is_public(name, value)),
        calls=tuple(_call(probe, answers, instances) for probe in probes if isinstance(probe, Call)),
        protection=PROTECTION,
    )


def _call(call: Call, answers: Answers, instances: Instances) -> CallReading:
    try:
        function = resolve(call.function, answers, instances, len(call.args) + len(call.kwargs))
    except NotThere as error:
        kind, message = error.args
        return CallReading(fault=Fault(kind=kind, message=message))
    except Exception as error:
        return CallReading(fault=_fault(error))
    # Drawn here, where an error in that is the grader's own.
    request = msgspec.to_builtins(msgspec.structs.replace(call, args=tuple(call.args)))
    results: list[Value] = []
    try:
        for _ in range(call.times):
            results.append(_value(called(function, request)))
    except Exception as error:
        return CallReading(results=tuple(results), fault=_fault(error))
    return CallReading(results=tuple(results))


def _fault(error: Exception) -> Fault:
    return msgspec.convert(faults.from_exception(error, set(), 0.0), Fault)


def _value(found: dict[str, Any]) -> Value:
    value: Value = msgspec.json.decode(json.dumps(found), type=Value)
    return value
