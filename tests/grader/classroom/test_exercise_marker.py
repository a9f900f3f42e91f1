from __future__ import annotations

import hashlib
from collections.abc import Sequence

import msgspec
import numpy as np
import pytest

from grader.classroom import exercise_marker
from grader.classroom.exercise_marker import ExerciseMarker
from grader.classroom.fingerprints import fingerprints_of
from grader.classroom.pending import Assignment
from grader.classroom.question_inputs import QuestionInputs
from grader.classroom.task import ExerciseText, exercise_of, marker_of
from grader.gradebook.records import StoredResult, stored_result
from grader.grading import mark
from grader.grading.asked import Asked
from grader.grading.resolve import Given
from grader.kinds import find_kind, kind_names
from grader.model.exercise import Exercise
from grader.model.run import Call, CallReading, Fault, Probe, RunResult
from grader.model.submission import AnswerFile, Submission
from grader.model.value import Array, Fields, Items, Nothing, Number, Text, Value
from grader.reports.json_report import as_record
from grader.specs import Kinds, find_exercise, load_exercise
from grader.submissions import build_submission
from grader.variants.code import code_of

ANSWER = build_submission("ada", [AnswerFile("answer.json", b"{}")])
CODE = build_submission("ada", [AnswerFile("answer.py", b"")])


def installed(name: str) -> Exercise:
    return load_exercise(find_exercise(name).path, Kinds(kind_names(), find_kind))


def alone(exercise: Exercise, submission: Submission, result: RunResult) -> StoredResult:
    """What is found where nothing was marked before."""
    report = mark(exercise, submission, run=lambda *_: result)
    each = zip(Asked(exercise, exercise.questions).given(submission, result), report.questions, strict=True)
    found = {one.id: fingerprints_of(exercise, given, one.outcome.verdict) for given, one in each}
    return stored_result(report, as_record(report), {key: own for key, own in found.items() if own})


def after_others(
    marker: ExerciseMarker, results: Sequence[RunResult], submission: Submission = ANSWER
) -> list[StoredResult]:
    found = [marker.mark(submission, lambda *_, result=result: result) for result in results]  # type: ignore[misc]
    # What marks follow from is told beside them, for a later regrade only.
    return [msgspec.structs.replace(one, inputs={}) for one in found]


def shape(*sizes: int) -> Value:
    return Items(tuple(Number(str(size), "int") for size in sizes))


def number(text: str, kind: str = "int") -> RunResult:
    return RunResult(names={"number": Number(text, kind)}, seen=("number",))  # type: ignore[arg-type]


def shapes(**fields: Value) -> RunResult:
    return RunResult(names={"shapes": Fields(fields)}, seen=("shapes",))


A, B = shape(2, 3), shape(3, 2)
RIGHT = RunResult(names={"shapes": Fields({"A": A, "B": B}), "number": Number("42", "int")})
FAULT = Fault(kind="syntax", message="it does not parse", where="answer.py, line 1")
DIFFERENT = [
    number("42"),
    number("42.0", "float"),
    number("42.1", "float"),
    number("42.1", "single"),
    number("84/2", "rational"),
    RunResult(names={"number": Text("42")}, seen=("number",)),
    RunResult(names={"value": Number("42", "int")}, seen=("value",)),
    RunResult(names={"number": Nothing()}, seen=("number",)),
    RunResult(names={"number": Fields({"valu": Number("42", "int")})}, seen=("number",)),
    shapes(A=A, B=B),
    shapes(B=B, A=A),
    shapes(A=B, B=B),
    shapes(A=B, B=A),
    shapes(A=A, B=B, C=A),
    shapes(a=A, B=B),
    RunResult(names={"A": A, "B": B}, seen=("A", "B")),
    RunResult(names={"A": A}, seen=("A",)),
    RunResult(names={}),
    RunResult(names={}, seen=("nubmer",)),
    RunResult(names={}, seen=("shape", "nomber")),
    RunResult(names={}, faults=(FAULT,)),
    RunResult(names={}, faults=(FAULT, msgspec.structs.replace(FAULT, where=""))),
    RIGHT,
    msgspec.structs.replace(RIGHT, given_twice=("number",)),
    msgspec.structs.replace(RIGHT, given_twice=("shapes", "number")),
    msgspec.structs.replace(RIGHT, faults=(FAULT,), notes=("a cell was left out",), output="x"),
]


@pytest.mark.parametrize("order", [1, -1], ids=["in order", "the other way round"])
def test_what_was_marked_before_changes_nothing(assignment: Assignment, order: int):
    marker = ExerciseMarker(assignment.exercise)
    results = [*DIFFERENT, *DIFFERENT][::order]
    expected = [alone(assignment.exercise, ANSWER, result) for result in results]
    assert after_others(marker, results) == expected


def test_what_was_not_read_is_told_to_whom_it_concerns(assignment: Assignment):
    marker = ExerciseMarker(assignment.exercise)
    for left_out in ((), ("notes.txt: not a kind of answer",), ("sheet.pdf: not a kind of answer",)):
        submission = msgspec.structs.replace(ANSWER, left_out=left_out)
        found = after_others(marker, [RunResult(names={})], submission)
        assert found == [alone(assignment.exercise, submission, RunResult(names={}))]


def test_a_report_is_its_students_own(assignment: Assignment):
    marker = ExerciseMarker(assignment.exercise)
    after_others(marker, [RIGHT])
    other = build_submission("bo", [AnswerFile("answer.json", b"{ }")])
    assert after_others(marker, [RIGHT], other) == [alone(assignment.exercise, other, RIGHT)]


def test_equal_answers_are_judged_once(assignment: Assignment, monkeypatch):
    judged = []
    original = exercise_marker.question_report
    monkeypatch.setattr(
        exercise_marker, "question_report", lambda given, most: judged.append(1) or original(given, most)
    )
    marker = ExerciseMarker(assignment.exercise)
    after_others(marker, [RIGHT] * 5)
    assert len(judged) == len(assignment.exercise.questions)


def calls_that_give(exercise: Exercise, value: Value | None) -> RunResult:
    seen: list[Probe] = []
    mark(exercise, CODE, run=lambda _, probes, limits: seen.extend(probes) or nothing(probes))
    calls = [probe for probe in seen if isinstance(probe, Call)]
    fault = Fault(kind="exception", message="ValueError: no")
    reading = CallReading(fault=fault) if value is None else CallReading(results=(value,) * calls[0].times)
    return RunResult(names={}, calls=(reading,) * len(calls))


def nothing(probes: Sequence[Probe]) -> RunResult:
    missing = CallReading(fault=Fault(kind="missing", message="not there"))
    return RunResult(names={}, calls=tuple(missing for probe in probes if isinstance(probe, Call)))


def array(*numbers: float, dtype: str = "<f8") -> Value:
    return Array(dtype, (len(numbers), 1), np.array(numbers, dtype).tobytes())  # type: ignore[arg-type]


def test_calls_that_gave_something_else_are_judged_anew():
    exercise = installed("ntu-cz4042-tutorial-8")
    marker = ExerciseMarker(exercise)
    values = [
        None,
        array(0.5),
        array(0.25),
        array(0.5, dtype="<f4"),
        array(0.5, 0.5),
        Text("0.5"),
        array(0.5),
    ]
    results = [calls_that_give(exercise, value) for value in values]
    assert after_others(marker, results, CODE) == [alone(exercise, CODE, result) for result in results]


def test_another_students_variant_is_another_exercise():
    found = find_exercise("rnn-paper")
    text = found.path.read_bytes()
    digest = f"sha256:{hashlib.sha256(text).hexdigest()}"
    files = [
        ExerciseText("rnn-paper", digest, text, code_of(student, "rnn-paper", b"a secret of the course"))
        for student in ("ada", "bo")
    ]
    answer = RunResult(names={"trace": Items((Number("0.5", "float"),) * 3)}, seen=("trace",))
    for file in [*files, *files]:
        assert after_others(marker_of(file), [answer]) == [alone(exercise_of(file), ANSWER, answer)]
    assert marker_of(files[0]).asked.exercise.variant != marker_of(files[1]).asked.exercise.variant


def elman(call: Call) -> CallReading:
    """What a right function gives for one call; another function of the sheet is not there."""
    if call.question != "q1a_code":
        return CallReading(fault=Fault(kind="missing", message="not there"))
    x, U, W, V, b, c = (np.frombuffer(one.data, one.dtype).reshape(one.shape) for one in call.args)  # type: ignore[union-attr]
    h, rows = np.zeros(len(b)), []
    for now in x:
        h = np.tanh(now @ U + h @ W + b)
        rows.append(1 / (1 + np.exp(-(h @ V + c))))
    y = np.array(rows)
    return CallReading(results=(Array("<f8", y.shape, y.tobytes()),) * call.times)


def test_a_secret_of_the_course_draws_anew(monkeypatch):
    exercise = installed("ntu-cz4042-tutorial-8")
    marker = ExerciseMarker(exercise)
    monkeypatch.setenv("RNNGRADE_COURSE_SECRET", "one secret of the course")
    calls: list[Call] = []
    mark(exercise, CODE, run=lambda _, probes, limits: calls.extend(probes) or nothing(probes))
    tabulated = RunResult(names={}, calls=tuple(elman(one) for one in calls if isinstance(one, Call)))
    verdicts = []
    for secret in ("one secret of the course", "another secret of the course"):
        monkeypatch.setenv("RNNGRADE_COURSE_SECRET", secret)
        found = after_others(marker, [tabulated], CODE)
        assert found == [alone(exercise, CODE, tabulated)]
        verdicts += [one.verdict for one in found[0].marks if one.question == "q1a_code"]
    assert verdicts == ["correct", "incorrect"]


def test_the_secret_that_a_question_names_is_part_of_what_is_remembered(monkeypatch):
    question = next(one for one in installed("ntu-cz4042-tutorial-8").questions if one.id == "q2_weights")
    own = msgspec.structs.replace(
        question, params=msgspec.structs.replace(question.params, secret_env="OF_THIS_QUESTION")
    )
    given = Given(own, (), (), RunResult(names={}))
    inputs = QuestionInputs(installed("ntu-cz4042-tutorial-8"))
    before = inputs.of(given)
    assert before.key is not None
    assert before == inputs.of(given)
    monkeypatch.setenv("OF_THIS_QUESTION", "a secret of its own")
    assert before.key != inputs.of(given).key


def test_what_an_answer_is_held_against_is_part_of_what_is_remembered():
    exercise = installed("ntu-cz4042-tutorial-8")
    losses = Items(tuple(Number(text, "float") for text in ("75.3", "2.2", "0.9", "0.75")))
    curve = Fields({"losses": losses, "every": Number("5000", "int")})
    zeros = {"U": (3, 5), "W": (5, 5), "V": (5, 2)}
    weights = {name: Array("<f8", size, bytes(8 * size[0] * size[1])) for name, size in zeros.items()}
    weights |= {name: Array("<f8", (size,), bytes(8 * size)) for name, size in {"b": 5, "c": 2}.items()}
    results = [
        RunResult(names={"q2_curve": curve}),
        RunResult(names={"q2_curve": curve, "q2_weights": Fields(dict(weights))}),
    ]
    expected = [alone(exercise, ANSWER, result) for result in results]
    assert expected[0].marks[-1] != expected[1].marks[-1]
    assert after_others(ExerciseMarker(exercise), results) == expected


def test_what_the_grader_failed_at_is_tried_anew(assignment: Assignment, monkeypatch):
    marker = ExerciseMarker(assignment.exercise)
    with monkeypatch.context() as broken:
        broken.setattr("grader.grading.judging._judged", lambda given: 1 / 0)
        (failed,) = after_others(marker, [RIGHT])
    assert failed.is_undecided
    assert after_others(marker, [RIGHT]) == [alone(assignment.exercise, ANSWER, RIGHT)]


@pytest.mark.fails_to_explain
def test_what_could_not_be_explained_is_tried_anew(assignment: Assignment, monkeypatch):
    marker = ExerciseMarker(assignment.exercise)
    with monkeypatch.context() as broken:
        broken.setattr("grader.grading.judging.with_names_feedback", lambda *_: 1 / 0)
        (failed,) = after_others(marker, [RIGHT])
    assert "explanation-failed" in failed.report
    assert after_others(marker, [RIGHT]) == [alone(assignment.exercise, ANSWER, RIGHT)]


def test_no_more_is_remembered_than_may_be(assignment: Assignment):
    marker = ExerciseMarker(assignment.exercise, most_bytes=20_000)
    results = [number(str(value)) for value in range(200)]
    after_others(marker, results)
    held = sum(len(key) + len(bytes(one.record)) for key, one in marker._before.items())
    assert held == marker.bytes
    assert 0 < held <= 20_000


def test_what_is_endless_is_not_remembered(assignment: Assignment):
    marker = ExerciseMarker(assignment.exercise)
    text = "9" * 1000
    many = Items(tuple(Number(text, "int") for _ in range(100)))
    result = RunResult(names={"number": many, "shapes": many})
    assert after_others(marker, [result]) == [alone(assignment.exercise, ANSWER, result)]
    assert marker.bytes == 0
