"""CPU time of judging one answer, steps 5 and 6 with diagnosis, expected values cached.

    python benchmarks/judging.py

Must hold: below 5 ms for a right answer, below 40 ms for a wrong one. The first wrong answer to a question
also works out its table of known mistakes: the column "first".
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np

from grader.grading.judging import diagnose
from grader.kinds import find_kind, kind_names
from grader.kinds.code.question import probes
from grader.model.exercise import Question
from grader.model.kind import Answer, Judgement
from grader.model.run import CallReading
from grader.model.value import Array, Items, Number, Value
from grader.specs import Kinds, find_exercise, load_exercise

REPEATS = 200
Function: TypeAlias = Callable[[Any], Any]
EXERCISE = load_exercise(find_exercise("ntu-cz4042-tutorial-8").path, Kinds(kind_names(), find_kind))
QUESTIONS = {question.id: question for question in EXERCISE.questions}


def numbers(values: Any) -> Value:
    """A nested list as it comes from an answer file."""
    if isinstance(values, list):
        return Items(tuple(map(numbers, values)))
    return Number(str(values), "float")


def sequence(y: list[float], h: list[list[float]] | None = None) -> Answer:
    """An answer to a sequence question."""
    return Answer(fields={"y": numbers(y)} | ({"h": numbers(h)} if h else {}))


def function(question: Question, net: Callable[..., Any]) -> Answer:
    """What the calls of a function question give."""
    calls = []
    for call in probes(question.params):  # type: ignore[arg-type]
        arguments = [np.frombuffer(one.data).reshape(one.shape) for one in call.args]  # type: ignore[union-attr]
        y = np.ascontiguousarray(net(*arguments), dtype="<f8")
        calls.append(CallReading(results=(Array("<f8", y.shape, y.tobytes()),) * 2))
    return Answer(calls=tuple(calls))


def elman(
    hidden: Callable[[Any], Any], output: Callable[[Any], Any], uses_b: bool = True
) -> Callable[..., Any]:
    """An Elman network with other activations, or without b."""

    def net(x: Any, U: Any, W: Any, V: Any, b: Any, c: Any) -> Any:
        h, ys = np.zeros(len(b)), []
        for x_t in x:
            h = hidden(x_t @ U + h @ W + uses_b * b)
            ys.append(output(h @ V + c))
        return ys

    return net


def sigmoid(u: Any) -> Any:
    """1 / (1 + exp(-u))."""
    return 1 / (1 + np.exp(-u))


WORKING = [[0.5, 0.99], [1.0, 1.0], [1.0, -0.2], [-0.54, 0.98]]
CASES: list[tuple[str, str, Answer, float]] = [
    ("right, outputs", "q1a", sequence([0.27, 0.73, 0.94, 0.11]), 5),
    (
        "right, with working",
        "q1a",
        sequence([0.27, 0.73, 0.94, 0.11], [[0, 0.99], [0.99, 1], [1, -0.21], [-0.54, 0.98]]),
        5,
    ),
    ("right, Jordan", "q1b", sequence([0.27, 0.71, 0.96, 0.16]), 5),
    ("right function", "q1a_code", function(QUESTIONS["q1a_code"], elman(np.tanh, sigmoid)), 5),
    ("one mistake", "q1a", sequence([0.2, 0.72, 0.96, 0.07]), 40),
    ("two mistakes", "q1a", sequence([0.13, 0.61, 0.93, 0.04]), 40),
    ("a slip, the rest follows", "q1a", sequence([0.5, 0.73, 0.94, 0.11], WORKING), 40),
    ("unexplained", "q1a", sequence([0.5, 0.1, 0.9, 0.3]), 40),
    ("one mistake, Jordan", "q1b", sequence([0.27, 0.57, 0.96, 0.22]), 40),
    ("unexplained, Jordan", "q1b", sequence([0.5, 0.1, 0.9, 0.3]), 40),
    ("function, one mistake", "q1a_code", function(QUESTIONS["q1a_code"], elman(np.tanh, np.tanh)), 40),
    ("function, two", "q1a_code", function(QUESTIONS["q1a_code"], elman(np.tanh, np.tanh, False)), 40),
    ("function, unexplained", "q1a_code", function(QUESTIONS["q1a_code"], elman(np.sin, np.cos)), 40),
]


def judge(question: Question, answer: Answer) -> float:
    """Milliseconds of CPU."""
    start = time.process_time()
    judgement = question.check.judge(question.params, answer)
    diagnose(question, judgement if isinstance(judgement, Judgement) else Judgement(judgement, answer))
    return 1e3 * (time.process_time() - start)


def main() -> int:
    """Print a table; 1 if a limit does not hold."""
    failed = 0
    print(f"{'answer':28}{'question':10}{'first':>9}{'median':>9}{'worst':>9}{'limit':>7}  ms CPU")
    for title, question_id, answer, limit in CASES:
        question = QUESTIONS[question_id]
        first = judge(question, answer)
        spent = [judge(question, answer) for _ in range(REPEATS)]
        failed += statistics.median(spent) > limit
        times = f"{first:9.2f}{statistics.median(spent):9.2f}{max(spent):9.2f}{limit:7.0f}"
        print(f"{title:28}{question_id:10}{times}")
    return int(failed > 0)


if __name__ == "__main__":
    raise SystemExit(main())
