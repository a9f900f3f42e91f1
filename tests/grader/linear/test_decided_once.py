"""A wrong answer is read once and decided once: what explains it takes what its judge found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from grader.grading import mark
from grader.kinds import find_kind
from grader.kinds.feasibility import question as feasibility
from grader.kinds.linear_system import question as linear_system
from grader.linear import decision, judge
from grader.linear.mistakes import output
from grader.linear.mistakes.samples import RIGHT_A, RIGHT_B, rnn_a, rnn_b
from grader.model.exercise import Exercise, Question
from grader.model.submission import AnswerFile, Submission
from reference.linear_system import from_rnn_a, from_rnn_b

B_I = linear_system.LinearSystemParams(**rnn_a()[0])
C_II = feasibility.FeasibilityParams(**rnn_b()[0])
FADING = {**RIGHT_A, "Wss": [[0, 0], [0, "1/2"]]}
STARTING = {
    "s0": [0, 3],
    "Wssx": [[1, 0, 1, 1, 1], [0, "1/2", 0, 0, 0]],
    "Wox": [*RIGHT_B["Wox"][:3], [1, 1, 0, 0, 0]],
}


def exact(rows: Any) -> Any:
    return tuple(tuple(Fraction(value) for value in row) for row in rows)


ANSWERS = {
    "linear_system": (B_I, FADING, from_rnn_a(*(exact(FADING[x]) for x in ("Wss", "Wsx", "Wo")), (0, 0))),
    "feasibility": (C_II, STARTING, from_rnn_b(*(exact(STARTING[x]) for x in ("Wssx", "Wox")), (0, 3))),
}


def marked(kind: str, params: Any, weights: Any) -> Any:
    found = find_kind(kind)
    question = Question(
        id="q",
        label="q",
        points=Fraction(1),
        prompt="",
        fields={},
        asks=found.asks(params),
        kind=kind,
        params=params,
        check=found,
    )
    exercise = Exercise(id="e", title="", source="", questions=(question,), digest="")
    answer = AnswerFile("answer.py", f"q = {weights!r}".encode())
    return mark(exercise, Submission(student="s", files=(answer,), digest="")).questions[0].outcome


@pytest.mark.parametrize("kind", ANSWERS)
def test_a_wrong_answer_is_read_and_decided_once(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    params, weights, system = ANSWERS[kind]
    calls: Counter[str] = Counter()

    def count(module: Any, name: str, counts: Callable[..., bool] = lambda *given: True) -> None:
        real = getattr(module, name)

        def counting(*given: Any) -> Any:
            calls[name] += counts(*given)
            return real(*given)

        monkeypatch.setattr(module, name, counting)

    count(judge, "read_weights")
    count(judge, "read_formulas")
    count(judge, "decide")
    count(decision, "shortest_counterexample")
    for module in (decision, output):
        # Repairs, and the network without one of its states, are others: only the one handed in counts.
        count(module, "markov_entries", lambda given, steps: given == system)
    outcome = marked(kind, params, weights)
    assert outcome.fraction < 1
    assert outcome.diagnoses
    assert "counterexample" in outcome.facts
    names = ("read_weights", "read_formulas", "decide", "shortest_counterexample", "markov_entries")
    assert calls == dict.fromkeys(names, 1)
