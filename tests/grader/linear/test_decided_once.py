"""A wrong answer is read once and decided once: what explains it takes what its judge found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from grader.kinds.feasibility import question as feasibility
from grader.kinds.linear_system import question as linear_system
from grader.linear import decision, judge
from grader.linear.mistakes import output
from grader.linear.mistakes.samples import RIGHT_A, RIGHT_B, rnn_a, rnn_b
from grader.model.outcome import Outcome
from reference.linear_system import LinearSystem, from_rnn_b, zeros

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
    "linear_system": (
        B_I,
        FADING,
        LinearSystem(
            *(exact(FADING[x]) for x in ("Wss", "Wsx", "Wo")), D=zeros(len(FADING["Wo"]), 3), s0=(0, 0)
        ),
    ),
    "feasibility": (C_II, STARTING, from_rnn_b(*(exact(STARTING[x]) for x in ("Wssx", "Wox")), (0, 3))),
}


@pytest.mark.parametrize("kind", ANSWERS)
def test_a_wrong_answer_is_read_and_decided_once(
    kind: str, marked_alone: Callable[[str, Any, str], Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
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
    outcome = marked_alone(kind, params, f"q = {weights!r}")
    assert outcome.fraction < 1
    assert outcome.diagnoses
    assert "counterexample" in outcome.facts
    names = ("read_weights", "read_formulas", "decide", "shortest_counterexample", "markov_entries")
    assert calls == dict.fromkeys(names, 1)
