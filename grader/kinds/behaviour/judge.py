"""A student's network function against the reference, from the smallest inputs to the largest.

The first instance on which it differs is the counterexample: it is shown in full, and because instances
grow, it is a small one.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from grader.answers.arrays import from_numpy
from grader.answers.trial import Finding, counterexample, examine, said
from grader.errors import Unreadable
from grader.explaining import explained
from grader.kinds.behaviour.question import BehaviourParams, trials
from grader.model.evidence import Untyped, tried_on
from grader.model.kind import Answer, Asks, Kind, KindExample
from grader.model.outcome import Feedback, Outcome, verdict_for
from grader.model.probe import Call
from grader.model.run import CallReading, Fault

# The function is right whenever it starts afresh.
KEPT_STATE_CREDIT = Fraction(1, 2)
# It does all that the sheet's own network needs, but not for any sizes.
ONE_OUTPUT_CREDIT = Fraction(1, 2)
NOT_RUN = CallReading(fault=Fault(kind="not-run", message="it was not called"))


def asks(params: BehaviourParams) -> Asks:
    """The function."""
    return Asks(function=params.function)


def probes(params: BehaviourParams) -> tuple[Call, ...]:
    """Two calls on each instance, smallest inputs first; the second shows kept state."""
    return tuple(
        Call(question="", function=(), args=tuple(map(from_numpy, trial.instance)), times=2)
        for trial in trials(params)
    )


def judge(params: BehaviourParams, answer: Answer) -> Outcome:
    """Right on every instance, or the first instance where it is not.

    Raises:
        Unreadable: If no call gave numbers.
    """
    tried = trials(params)
    readings = answer.calls + (NOT_RUN,) * (len(tried) - len(answer.calls))
    findings = [
        examine(params.function, trial, reading, params.atol)
        for trial, reading in zip(tried, readings, strict=False)
    ]
    if all(finding.got is None for finding in findings):
        raise Unreadable(findings[0].message, None, params.function, findings[0].code)
    codes = {finding.code for finding in findings}
    fraction = Fraction(codes == {"right"})
    if codes == {"right", "keeps-state"} or codes == {"keeps-state"}:
        fraction = KEPT_STATE_CREDIT
    if _is_right_for_one_output(findings):
        fraction = ONE_OUTPUT_CREDIT
    first = next((finding for finding in findings if finding.code != "right"), None)
    facts = {"instances": len(tried), "instances_right": sum(one.code == "right" for one in findings)}
    return Outcome(
        verdict=verdict_for(fraction),
        fraction=fraction,
        basis=tried_on(len(tried)),
        feedback=explained(lambda: tuple(_feedback(findings, first))) or (),
        evidence=(Untyped(table=facts | (explained(lambda: _shown(first)) or {})),),
    )


def _shown(first: Finding | None) -> dict[str, Any]:
    return {} if first is None else {"counterexample": counterexample(first)}


def _is_right_for_one_output(findings: list[Finding]) -> bool:
    """Whether it is right for every network with one output, the random ones too, and for no other."""
    return all((one.code == "right") == (one.trial.expected.shape[1] == 1) for one in findings)


def _feedback(findings: list[Finding], first: Finding | None) -> list[Feedback]:
    messages = []
    if first is not None:
        messages.append(said(first))
        wrong = [one for one in findings if one.code == "counterexample"]
        if first.code == "counterexample" and all(one.first_wrong_step != 1 for one in wrong):
            text = "The first step is right every time; later steps are not."
            messages.append(Feedback("recurrence", text))
        fault = next((one for one in findings if one.is_fault), None)
        if fault is not None and fault is not first:
            messages.append(said(fault))
        if fault is not None:
            ran = sum(not one.is_fault for one in findings)
            messages.append(Feedback("ran-on", f"It ran on {ran} of {len(findings)} instances."))
    if _is_right_for_one_output(findings):
        text = "It is right for every network with one output and for none with more: half of the points."
        messages.append(Feedback("one-output", text))
    if any(one.is_pair for one in findings):
        text = "It returns a pair; only y was asked, so the first of the two was read."
        messages.append(Feedback("returns-pair", text))
    return messages


PARAMS = {
    "function": "elman",
    "reference": "elman",
    "instance": {
        "x": [[1, 2, -1], [-1, 1, -2]],
        "U": [[-1.0, 0.5], [0.5, 0.1], [0.2, -2.0]],
        "W": [[2.0, 1.3], [1.5, 0.0]],
        "V": [[2.0], [-1.5]],
        "b": [0.2, 0.2],
        "c": [0.5],
    },
    "sizes": [
        {"T": 1, "n_in": 3, "n_h": 4, "n_out": 2},
        {"T": 5, "n_in": 4, "n_h": 3, "n_out": 2},
    ],
}
ELMAN = """import numpy as np
def elman(x, U, W, V, b, c):
    h, y = np.zeros(len(b)), []
    for x_t in x:
        h = np.tanh(x_t @ U + h @ W + b)
        y.append(1 / (1 + np.exp(-(h @ V + c))))
    return np.array(y)
"""


def _changed(before: str, after: str) -> str:
    assert before in ELMAN
    return ELMAN.replace(before, after)


CHECK = Kind(
    params=BehaviourParams,
    asks=asks,
    judge=judge,
    probes=probes,
    examples=(
        KindExample("Rows of signals", PARAMS, ELMAN, "correct"),
        KindExample(
            "Columns and transposes", PARAMS, _changed("x_t @ U + h @ W", "U.T @ x_t + W.T @ h"), "correct"
        ),
        KindExample("Lists come back", PARAMS, _changed("np.array(y)", "[list(r) for r in y]"), "correct"),
        KindExample(
            "The hidden values come along",
            PARAMS,
            _changed("y.append(", "y.append((h, ")
            .replace("c))))", "c)))))")
            .replace("return np.array(y)", "return np.array([v for _, v in y]), np.array([h for h, _ in y])"),
            "correct",
            code="returns-pair",
        ),
        KindExample(
            "W not transposed", PARAMS, _changed("h @ W", "W @ h"), "incorrect", code="counterexample"
        ),
        KindExample(
            "Nothing is carried on", PARAMS, _changed("h @ W", "0 * h @ W"), "incorrect", code="recurrence"
        ),
        KindExample("b forgotten", PARAMS, _changed(" + b)", ")"), "incorrect", code="counterexample"),
        KindExample(
            "One row an output",
            PARAMS,
            _changed("np.array(y)", "np.array(y).T"),
            "incorrect",
            code="transposed",
        ),
        KindExample(
            "Every second call goes on from the last",
            PARAMS,
            _changed("def elman", "kept = []\ndef elman")
            .replace("np.zeros(len(b)), []", "kept.pop() if kept else np.zeros(len(b)), []")
            .replace("    return", "    kept.extend([h] * (not kept and not fresh))\n    return")
            .replace("    h, y", "    fresh = bool(kept)\n    h, y"),
            "partial",
            code="keeps-state",
        ),
        KindExample(
            "One output only",
            PARAMS,
            _changed("h @ V + c", "h @ V[:, 0] + c[0]"),
            "partial",
            code="one-output",
        ),
        KindExample("No return", PARAMS, _changed("return ", ""), "invalid", code="returns-none"),
        KindExample("Fails every time", PARAMS, _changed("np.tanh", "np.tanhh"), "invalid", code="exception"),
    ),
)
