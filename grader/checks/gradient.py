"""A function that computes gradients by backpropagation through time.

It is held against our own gradients on probes whose sizes are all different. Where it is wrong, every known
mistake is computed too, and the one that gives the same numbers is named.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from grader.answers.arrays import from_numpy
from grader.answers.instance_seed import instance_seed
from grader.explaining import explained
from grader.model.check import Answer, Asks, Check, CheckExample, Params
from grader.model.outcome import Diagnosis, Feedback, Outcome, verdict_for
from grader.model.probe import Call
from grader.training.calls import result_of, want_something
from grader.training.gradient_bank import RIGHT
from grader.training.gradient_match import (
    Explanation,
    ProbeSizes,
    bank_gradients,
    block_errors,
    draw_probes,
    explain,
    is_right,
)
from grader.training.gradients_read import read_gradients
from reference.bptt import Parameters

# Right in every direction, only not in size; with Adam it would even train.
FACTOR_SHARE = Fraction(3, 4)
SIGN_SHARE = Fraction(1, 2)
# For gradients of which some are right: so much of their share.
SOME_RIGHT_SHARE = Fraction(3, 4)


class GradientParams(Params, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Parameters of `gradient`.

    Args:
        function: Its name; called as function(x, y, U, W, V, b, c), returns the five gradients of the cost:
            the squared error summed over outputs, mean over sequences and steps, of an Elman network with
            tanh and a linear output.
        sizes: Of the probes.
        seed: Of the probes.
    """

    function: str = "bptt"
    sizes: tuple[ProbeSizes, ...]
    seed: int = 0

    def __post_init__(self) -> None:
        if not self.function.isidentifier():
            raise ValueError(f"function is {self.function!r}, which is no name")
        if not self.sizes:
            raise ValueError("sizes is empty; wanted at least one probe")

    @property
    def signature(self) -> str:
        """How the function is called, for messages."""
        return f"{self.function}(x, y, U, W, V, b, c)"


def _seed(params: GradientParams) -> int:
    return instance_seed(f"gradient/{params.function}", params.seed)


def probes(params: GradientParams) -> tuple[Call, ...]:
    """One call on each probe."""
    return tuple(
        Call(question="", function=(), args=tuple(map(from_numpy, (probe.x, probe.wanted, *probe.params))))
        for probe in draw_probes(params.sizes, _seed(params))
    )


def judge(params: GradientParams, answer: Answer) -> Outcome:
    """Right on every probe, or wrong in a way that is named if it is known.

    Raises:
        Unreadable: If the function does not run or does not return gradients.
    """
    right = bank_gradients(params.sizes, _seed(params))[0][1]
    got = [
        read_gradients(
            want_something(result_of(call, params.signature), params.function), one, params.function
        )
        for call, one in zip(answer.calls, right, strict=True)
    ]
    errors = [block_errors(one, other) for one, other in zip(got, right, strict=True)]
    basis = f"tested on {len(got)}"
    evidence = {"errors": dict(zip(Parameters._fields, map(_shown, _worst(errors)), strict=True))}
    if all(map(is_right, errors)):
        return Outcome(verdict=verdict_for(Fraction(1)), fraction=Fraction(1), basis=basis, evidence=evidence)
    names = [
        name for name, error in zip(Parameters._fields, _worst(errors), strict=True) if is_right([error])
    ]
    found = explained(lambda: explain(got, params.sizes, _seed(params))) or ()
    fraction = _credit(found, len(names))
    return Outcome(
        verdict=verdict_for(fraction),
        fraction=fraction,
        basis=basis,
        feedback=(_message(names, _worst(errors)),),
        evidence=evidence,
        diagnoses=tuple(map(_diagnosis, found)),
    )


def _worst(errors: list[tuple[float, ...]]) -> tuple[float, ...]:
    # numpy's max keeps NaN, Python's does not.
    return tuple(float(error) for error in np.max(errors, axis=0))


def _shown(error: float) -> float | None:
    return float(f"{error:.2g}") if np.isfinite(error) else None


def _credit(found: tuple[Explanation, ...], right_blocks: int) -> Fraction:
    if any(one.slip is RIGHT for one in found):
        return SIGN_SHARE if found[0].factor < 0 else FACTOR_SHARE
    return SOME_RIGHT_SHARE * Fraction(right_blocks, len(Parameters._fields))


def _message(right: list[str], errors: tuple[float, ...]) -> Feedback:
    if not np.isfinite(errors).all():
        return Feedback("not-finite", "A gradient has an entry that is not a finite number.")
    wrong = [name for name in Parameters._fields if name not in right]
    text = f"The gradients of {', '.join(wrong)} are wrong"
    text += f"; those of {', '.join(right)} are right." if right else "."
    worst = max(errors)
    return Feedback("wrong-gradient", f"{text} The largest error is {worst:.2g} of the largest entry.")


def _diagnosis(one: Explanation) -> Diagnosis:
    if one.slip is RIGHT:
        return Diagnosis("scale", f"All gradients are right but for one factor: {one.words}.")
    also = f" Besides, {one.words}." if one.words else ""
    return Diagnosis(one.slip.id, one.slip.message + also)


PARAMS = {"sizes": [{"n_seqs": 3, "n_steps": 7, "n_in": 4, "n_h": 6, "n_out": 5}]}
BPTT = """import numpy as np
def bptt(x, y, U, W, V, b, c):
    n, T, _ = x.shape
    h = np.zeros((T + 1, n, len(b)))
    for t in range(T):
        h[t + 1] = np.tanh(x[:, t] @ U + h[t] @ W + b)
    g = {k: np.zeros_like(a) for k, a in dict(U=U, W=W, V=V, b=b, c=c).items()}
    later = np.zeros((n, len(b)))
    for t in reversed(range(T)):
        e = 2 * (h[t + 1] @ V + c - y[:, t]) / (n * T)
        later = (1 - h[t + 1] ** 2) * (e @ V.T + later @ W.T)
        g["V"] += h[t + 1].T @ e
        g["c"] += e.sum(0)
        g["U"] += x[:, t].T @ later
        g["W"] += h[t].T @ later
        g["b"] += later.sum(0)
    return g
"""


def _changed(before: str, after: str) -> str:
    assert before in BPTT
    return BPTT.replace(before, after)


CHECK = Check(
    params=GradientParams,
    asks=lambda params: Asks(function=params.function),
    probes=probes,
    judge=judge,
    examples=(
        CheckExample("A dict of gradients", PARAMS, BPTT, "correct"),
        CheckExample(
            "A tuple, the cost first, float32",
            PARAMS,
            _changed("return g", "return 0.5, [a.astype(np.float32) for a in g.values()]"),
            "correct",
        ),
        CheckExample(
            "Columns", PARAMS, _changed("return g", "return {k: a.T for k, a in g.items()}"), "correct"
        ),
        CheckExample(
            "The 2 is missing", PARAMS, _changed("e = 2 *", "e ="), "partial", code="wrong-gradient"
        ),
        CheckExample(
            "W not transposed on the way back",
            PARAMS,
            _changed("later @ W.T", "later @ W"),
            "partial",
            code="wrong-gradient",
        ),
        CheckExample(
            "The error of one step only",
            PARAMS,
            _changed('g["V"] +=', 'g["V"] =').replace('g["c"] +=', 'g["c"] ='),
            "partial",
        ),
        CheckExample("NaN", PARAMS, _changed("e = 2 *", "e = np.nan *"), "incorrect", code="not-finite"),
        CheckExample("Nothing returned", PARAMS, _changed("return g", "g"), "invalid", code="returns-none"),
        CheckExample(
            "One argument too many",
            PARAMS,
            _changed("b, c):", "b, c, h0):"),
            "invalid",
            code="does-not-run-exception",
        ),
    ),
)
