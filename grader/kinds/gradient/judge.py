"""A function that computes gradients by backpropagation through time.

It is held against our own gradients on sizes of 1, on sizes that are all different, on long sequences and on
large errors. Where it is wrong, every known mistake is computed too, and the one that gives the same numbers
is named.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

from grader.answers.arrays import as_lists, from_numpy
from grader.answers.instance_seed import instance_seed
from grader.errors import Unreadable
from grader.explaining import explained
from grader.kinds.gradient.match import (
    Explanation,
    block_errors,
    clipping,
    explain,
    is_right,
    scaled_blocks,
)
from grader.kinds.gradient.read import Returned, read_gradients
from grader.kinds.gradient.trials import ProbeSizes, Trial, trials
from grader.model.evidence import Untyped, tried_on
from grader.model.kind import Answer, Asks, Kind, KindExample, Params
from grader.model.outcome import Diagnosis, Feedback, Outcome, verdict_for
from grader.model.run import Call, CallReading
from grader.model.value import Value
from grader.training.calls import result_of, want_something
from grader.training.gradient_bank import RIGHT
from reference.bptt import Parameters

# Right in every direction, only not in size; with Adam it would even train.
FACTOR_SHARE = Fraction(3, 4)
SIGN_SHARE = Fraction(1, 2)
# For gradients of which some are right: so much of their share.
SOME_RIGHT_SHARE = Fraction(3, 4)
# Right for general sizes and small errors, not where a size is 1 or gradients are large.
NEARLY_SHARE = Fraction(3, 4)
# As in a training.
KEEPS_STATE_SHARE = Fraction(1, 2)
COLUMNS = Feedback(
    "columns",
    "The gradients were read as columns: one row for each unit that a signal goes to. That is accepted; the "
    "parameters came with a row for each unit that it comes from.",
)
KEPT = Feedback(
    "keeps-state",
    "A second call with the same arguments gives something else: something is kept from call to call.",
)


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
    """Two calls on each trial; the second shows kept state."""
    return tuple(
        Call(
            question="",
            function=(),
            args=tuple(map(from_numpy, (trial.probe.x, trial.probe.wanted, *trial.probe.params))),
            times=2,
        )
        for trial in trials(params.sizes, _seed(params))
    )


class Tried(NamedTuple):
    """What came of one trial.

    Args:
        trial: What the function was called with.
        got: The gradients, or None where it failed.
        errors: Of each gradient over its largest entry; empty where it failed.
        failure: Why there are no gradients.
        repeats: Whether a second call gave the same.
        in_columns: Whether matrices came as columns.
    """

    trial: Trial
    got: Parameters | None
    errors: tuple[float, ...] = ()
    failure: Unreadable | None = None
    repeats: bool = True
    in_columns: bool = False

    @property
    def is_right(self) -> bool:
        """Whether all gradients are right."""
        return self.got is not None and is_right(self.errors, self.trial.tolerance)


def judge(params: GradientParams, answer: Answer) -> Outcome:
    """Right on every trial, or wrong in a way that is named if it is known.

    Raises:
        Unreadable: If the function does not run or does not return gradients for general sizes.
    """
    tried = [
        _tried(params, trial, call)
        for trial, call in zip(trials(params.sizes, _seed(params)), answer.calls, strict=True)
    ]
    general = [one for one in tried if one.trial.is_general]
    if any(one.failure for one in general):
        # What ends the program leaves later calls without a reason of their own.
        failed = [one.failure for one in (*general, *tried) if one.failure is not None]
        raise next((one for one in failed if one.code != "does-not-run-not-run"), failed[0])
    if all(one.is_right and one.repeats for one in tried):
        judged = Judged(Fraction(1))
    elif all(one.is_right for one in general):
        judged = _right_in_general(tried)
    else:
        judged = _wrong(params, tried)
    remarks = (() if all(one.repeats for one in tried) else (KEPT,)) + (
        (COLUMNS,) if all(one.in_columns for one in general) else ()
    )
    return Outcome(
        verdict=verdict_for(judged.fraction),
        fraction=judged.fraction,
        basis=tried_on(len(tried)),
        feedback=(*judged.feedback, *remarks),
        evidence=(Untyped(table=_evidence(tried)),),
        diagnoses=judged.diagnoses,
    )


def _tried(params: GradientParams, trial: Trial, call: CallReading) -> Tried:
    def read(value: Value) -> Returned:
        return read_gradients(want_something(value, params.function), trial.right, params.function)

    try:
        got, in_columns = read(result_of(call, params.signature, trial.title))
    except Unreadable as failure:
        return Tried(trial, None, failure=failure)
    try:
        again = read(call.results[-1]).gradients
        repeats = call.fault is None and is_right(block_errors(again, got), trial.tolerance)
    except Unreadable:
        repeats = False
    errors = block_errors(got, trial.right)
    # Numbers that are not finite are none to compare; they are wrong whatever a second call gives.
    repeats = repeats or not np.isfinite(errors).all()
    return Tried(trial, got, errors, repeats=repeats, in_columns=in_columns)


class Judged(NamedTuple):
    """What was decided: the share, what to tell, and the mistakes."""

    fraction: Fraction
    feedback: tuple[Feedback, ...] = ()
    diagnoses: tuple[Diagnosis, ...] = ()


def _wrong(params: GradientParams, tried: list[Tried]) -> Judged:
    """Some gradient is wrong for general sizes: which, and the mistake that gives all of them."""
    general = [one for one in tried if one.trial.is_general]
    got = [one.got for one in general if one.got is not None]
    found = explained(lambda: explain(got, params.sizes, _seed(params))) or ()
    fraction, causes = _credit(found, len(_keys_right(general))), tuple(map(_diagnosis, found))
    if not causes:
        causes = explained(lambda: _clipped(general)) or ()
        if causes and all(one.is_right for one in general[: len(params.sizes)]):
            fraction = NEARLY_SHARE
        causes = causes or explained(lambda: _scaled(params, got)) or ()
    worst = tuple(float(error) for error in np.max([one.errors for one in general], axis=0))
    right = _keys_right([one for one in tried if one.got is not None])
    return Judged(fraction, (_message(right, worst),), causes)


def _keys_right(tried: list[Tried]) -> list[str]:
    """Names of the gradients that are right on all of them."""
    return [
        name
        for i, name in enumerate(Parameters._fields)
        if all(is_right(one.errors[i : i + 1], one.trial.tolerance) for one in tried)
    ]


def _right_in_general(tried: list[Tried]) -> Judged:
    """Right for general sizes; wrong where a size is 1, where errors are large, or in a second call."""
    messages: list[Feedback] = []
    small = [one for one in tried if not one.is_right and not one.trial.is_large]
    large = [one for one in tried if not one.is_right and one.trial.is_large]
    if small:
        first, *more = small
        what = "the gradients are wrong" if first.failure is None else first.failure.message
        text = f"It is right for larger sizes, but with {first.trial.title}: {what}."
        if more:
            text += f" So it is with {len(more)} other sizes that have a 1 among them."
        messages.append(Feedback("wrong-at-size-one", text))
    if large:
        what = "the gradients are wrong" if large[0].failure is None else large[0].failure.message
        text = f"It is right for small errors, but with {large[0].trial.title}: {what}."
        messages.append(Feedback("wrong-where-large", text))
    fraction = min(
        NEARLY_SHARE if messages else Fraction(1),
        Fraction(1) if all(one.repeats for one in tried) else KEEPS_STATE_SHARE,
    )
    return Judged(fraction, tuple(messages), explained(lambda: _clipped(tried)) or ())


def _clipped(tried: list[Tried]) -> tuple[Diagnosis, ...]:
    """That gradients are clipped, where that gives all of them."""
    pairs = [(one.got, one.trial.right) for one in tried if one.got is not None]
    if all(one.is_right for one in tried if one.got is not None):
        return ()
    words = clipping([got for got, _ in pairs], [right for _, right in pairs])
    return () if words is None else (Diagnosis("clipped", f"Large gradients are clipped: {words}."),)


def _scaled(params: GradientParams, got: list[Parameters]) -> tuple[Diagnosis, ...]:
    """That some gradients are right but for a factor of their own."""
    scaled = scaled_blocks(got, params.sizes, _seed(params))
    if not scaled:
        return ()
    text = "; ".join(f"that of {one.name} is {one.words}" for one in scaled)
    return (Diagnosis("one-gradient-scaled", f"The gradients are right but for a factor: {text}."),)


def _evidence(tried: list[Tried]) -> dict[str, Any]:
    """JSON-ready: the largest errors, the largest first, and the smallest counterexample."""
    general = [one.errors for one in tried if one.trial.is_general]
    worst = (float(error) for error in np.max(general, axis=0))
    evidence: dict[str, Any] = {"errors": dict(zip(Parameters._fields, map(_shown, worst), strict=True))}
    wrong = next((one for one in tried if not one.is_right), None)
    if wrong is not None:
        evidence["counterexample"] = _counterexample(wrong)
    return evidence


def _counterexample(wrong: Tried) -> dict[str, Any]:
    probe, right = wrong.trial.probe, wrong.trial.right
    inputs = {"x": probe.x, "y": probe.wanted, **probe.params._asdict()}
    shown: dict[str, Any] = {
        "inputs": {name: as_lists(array) for name, array in inputs.items()},
        "sizes": wrong.trial.sizes,
        "expected": {name: as_lists(array) for name, array in right._asdict().items()},
        "got": None,
    }
    if wrong.got is None:
        return shown | {"what": "" if wrong.failure is None else wrong.failure.message}
    right_keys = _keys_right([wrong])
    keys = {name: name in right_keys for name in Parameters._fields}
    first = next(name for name, is_key_right in keys.items() if not is_key_right)
    return shown | {
        "got": {name: as_lists(array) for name, array in wrong.got._asdict().items()},
        "keys_right": keys,
        "first_wrong_key": first,
    }


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
    text = f"Wrong gradients: {', '.join(wrong)}; right: {', '.join(right) or 'none'}."
    worst = max(errors)
    return Feedback(
        "wrong-gradient", f"{text} The largest error is {worst:.2g} of its gradient's largest entry."
    )


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


CHECK = Kind(
    params=GradientParams,
    asks=lambda params: Asks(function=params.function),
    probes=probes,
    judge=judge,
    examples=(
        KindExample("A dict of gradients", PARAMS, BPTT, "correct"),
        KindExample(
            "A tuple, the cost first, float32",
            PARAMS,
            _changed("return g", "return 0.5, [a.astype(np.float32) for a in g.values()]"),
            "correct",
        ),
        KindExample(
            "Columns", PARAMS, _changed("return g", "return {k: a.T for k, a in g.items()}"), "correct"
        ),
        KindExample("The 2 is missing", PARAMS, _changed("e = 2 *", "e ="), "partial", code="wrong-gradient"),
        KindExample(
            "W not transposed on the way back",
            PARAMS,
            _changed("later @ W.T", "later @ W"),
            "partial",
            code="wrong-gradient",
        ),
        KindExample(
            "The error of one step only",
            PARAMS,
            _changed('g["V"] +=', 'g["V"] =').replace('g["c"] +=', 'g["c"] ='),
            "partial",
        ),
        KindExample("NaN", PARAMS, _changed("e = 2 *", "e = np.nan *"), "incorrect", code="not-finite"),
        KindExample("Nothing returned", PARAMS, _changed("return g", "g"), "invalid", code="returns-none"),
        KindExample(
            "One argument too many",
            PARAMS,
            _changed("b, c):", "b, c, h0):"),
            "invalid",
            code="does-not-run-exception",
        ),
    ),
)
