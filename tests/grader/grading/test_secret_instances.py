"""With a course's secret, what functions are tried on is known to the course alone."""

from __future__ import annotations

import functools

import msgspec
import numpy as np
import pytest

from grader.answers.drawing import SECRET_ENV, instance_seed
from grader.grading import mark
from grader.grading.asked import calls_of
from grader.kinds import find_kind, kind_names
from grader.model.exercise import Exercise, Question
from grader.model.outcome import Verdict
from grader.model.report import Report
from grader.model.submission import AnswerFile
from grader.reports import find_format
from grader.specs import Kinds, find_exercise, load_exercise
from grader.submissions import build_submission

SECRET = "a course secret"
FUNCTIONS = {
    "ntu-cz4042-tutorial-8": (
        "q1a_code",
        "q1b_code",
        "q2_targets",
        "q2_data",
        "q2_bptt",
        "q2_adam",
        "q2_train",
    ),
    "mit-6390-recitation-8": ("c_iii_general",),
}
PAIRS = [(exercise, question) for exercise, questions in FUNCTIONS.items() for question in questions]
# A right function, whose answers to the calls that it was given go into the table below.
ELMAN = """
import numpy as np
def elman(x, U, W, V, b, c):
    h, y = np.zeros(len(b)), []
    for x_t in x:
        h = np.tanh(x_t @ U + h @ W + b)
        y.append(1 / (1 + np.exp(-(h @ V + c))))
    return np.array(y)
"""


@functools.cache
def exercise_of(name: str) -> Exercise:
    return load_exercise(find_exercise(name).path, Kinds(kind_names(), find_kind))


def question_of(exercise: Exercise, question_id: str) -> Question:
    return next(one for one in exercise.questions if one.id == question_id)


def marked(source: str) -> Report:
    submission = build_submission("s", [AnswerFile("answer.py", source.encode())])
    return mark(exercise_of("ntu-cz4042-tutorial-8"), submission, question_id="q1a_code")


def table_of_public_instances() -> str:
    """An answer that computes nothing: it looks its arguments up."""
    exercise = exercise_of("ntu-cz4042-tutorial-8")
    space: dict[str, object] = {}
    exec(ELMAN, space)
    rows = []
    for call in calls_of(exercise, question_of(exercise, "q1a_code")):
        args = [np.frombuffer(one.data).reshape(one.shape) for one in call.args]  # type: ignore[union-attr]
        rows.append((args[0].tolist(), args[1].tolist(), space["elman"](*args).tolist()))  # type: ignore[operator]
    return (
        f"TABLE = {rows!r}\ndef elman(x, U, W, V, b, c):\n"
        "    return next(y for one, other, y in TABLE if (one, other) == (x.tolist(), U.tolist()))\n"
    )


def test_the_seed_is_the_hmac_of_question_and_seed_under_the_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SECRET_ENV, SECRET)
    # printf 'instances/behaviour/elman/0' | openssl dgst -sha256 -hmac 'a course secret'
    assert instance_seed("behaviour/elman", 0) == 0x458F1AE457F9FA


def test_without_a_secret_the_seed_is_the_exercise_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(SECRET_ENV, raising=False)
    assert instance_seed("behaviour/elman", 7) == 7


def test_a_table_of_the_public_instances_is_right_without_a_secret_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv(SECRET_ENV, raising=False)
    table = table_of_public_instances()
    assert marked(table).questions[0].outcome.verdict is Verdict.CORRECT
    monkeypatch.setenv(SECRET_ENV, SECRET)
    assert marked(table).questions[0].outcome.fraction == 0
    assert marked(ELMAN).questions[0].outcome.verdict is Verdict.CORRECT


@pytest.mark.parametrize(("name", "question_id"), PAIRS)
def test_every_function_is_called_on_instances_of_the_secret(
    name: str, question_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    exercise = exercise_of(name)
    question = question_of(exercise, question_id)
    seen = []
    for secret in ("", SECRET, "another", SECRET):
        monkeypatch.setenv(SECRET_ENV, secret)
        seen.append(calls_of(exercise, question))
    public, ours, others, again = seen
    assert ours == again
    assert public != ours != others != public


def test_the_same_secret_gives_the_same_report_and_no_report_tells_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(SECRET_ENV, SECRET)
    wrong = ELMAN.replace("h @ W", "W @ h")
    first, second = (msgspec.structs.replace(marked(wrong), usage=None) for _ in range(2))  # type: ignore[arg-type]
    assert first == second
    report = marked(wrong)
    seed = str(instance_seed("behaviour/elman", 0))
    for word in ("terminal", "json", "junit", "markdown"):
        shown = find_format(word).render(report)
        assert SECRET not in shown
        assert seed not in shown
