"""A function that makes clean targets from inputs, held against the formulas step by step.

Each output counts from the first step on at which its formula does not reach back before the first input;
what stands before is left open by the exercise and is not judged.
"""

from __future__ import annotations

import functools
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

from grader.answers.arrays import from_numpy, to_numpy
from grader.answers.instance_seed import instance_seed
from grader.explaining import explained
from grader.model.evidence import Untyped, tried_on
from grader.model.kind import Answer, Asks, Kind, KindExample
from grader.model.outcome import Diagnosis, Feedback, Outcome, verdict_for
from grader.model.run import Call, CallReading
from grader.training.calls import not_run, result_of, want_something
from grader.training.data_fit import except_words, fit_formula, other_formula, same_formula
from grader.training.data_read import judged_only, shaped
from grader.training.task import FloatArray, OtherTargets, TaskParams, clean_targets, first_steps

SIZES = ((1, 4), (1, 6), (2, 5), (8, 100))
"""Sequences and steps: three small whole-number ones, and one to fit a formula on."""
ADDS_NOISE_SHARE = Fraction(1, 2)
# One decimal place makes an error of 0.05, float16 less.
ROUNDED = 0.06


class TargetsParams(TaskParams, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Parameters of `targets`.

    Args:
        function: Its name; called as function(x) with x (n_seqs, T, inputs), returns y (n_seqs, T, outputs).
        atol: Largest absolute error; float32 makes 2e-6 of values to 25.
        seed: Of the inputs.
    """

    function: str = "make_targets"
    atol: float = 1e-4
    seed: int = 0

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.function.isidentifier():
            raise ValueError(f"function is {self.function!r}, which is no name")
        if not 0 < self.atol < 1:
            raise ValueError(f"atol is {self.atol}; wanted a number between 0 and 1")
        if max(first_steps(self.targets, self.inputs)) > SIZES[0][1]:
            raise ValueError(
                f"targets reach back further than the {SIZES[0][1]} steps of the smallest inputs"
            )


def inputs(params: TargetsParams) -> tuple[FloatArray, ...]:
    """What the function is called on, smallest first: whole numbers, then uniform ones."""
    return _inputs(params, instance_seed(f"targets/{params.function}", params.seed))


@functools.lru_cache(maxsize=16)
def _inputs(params: TargetsParams, seed: int) -> tuple[FloatArray, ...]:
    rng = np.random.default_rng(seed)
    small = [rng.integers(1, 10, (*size, params.inputs)).astype(np.float64) for size in SIZES[:-1]]
    return (*small, rng.random((*SIZES[-1], params.inputs)))


def probes(params: TargetsParams) -> tuple[Call, ...]:
    """Two calls on each input; the second shows noise and kept state."""
    return tuple(Call(question="", function=(), args=(from_numpy(x),), times=2) for x in inputs(params))


class Wrong(NamedTuple):
    """Where an output first differs: which input, sequence, step from 0, and output."""

    trial: int
    sequence: int
    step: int
    output: int


def judge(params: TargetsParams, answer: Answer) -> Outcome:
    """Each output right on all inputs, or the first place where it is not.

    Raises:
        Unreadable: If the function does not run or does not return y.
    """
    tried = inputs(params)
    wanted = [clean_targets(params.targets, x) for x in tried]
    read = [_read(params, call, y.shape) for call, y in zip(answer.calls, wanted, strict=True)]
    got = [one.judged for one in read]
    repeats = all(one.repeats for one in read)
    wrong = _wrong_places(params, params.targets, got)
    outputs = {place.output for place in wrong}
    fraction = 1 - Fraction(len(outputs), len(params.targets))
    messages: list[Feedback] = []
    diagnoses: tuple[Diagnosis, ...] = ()
    evidence: dict[str, Any] = {"outputs_right": len(params.targets) - len(outputs)}
    if not repeats:
        others = _not_behind(params, got)
        fraction = min(1 - Fraction(len(others), len(params.targets)), ADDS_NOISE_SHARE)
        text = "Two calls on the same x give different y: the targets are asked without noise."
        messages.append(Feedback("adds-noise", text))
        messages += [_told(params, got, k) for k in others]
    elif wrong:
        messages += [_told(params, got, k) for k in sorted(outputs)]
        whole = [one.whole for one in read]
        shown = explained(lambda: _counterexample(wrong[0], tried, wanted, whole))
        evidence |= {} if shown is None else {"counterexample": shown}
        mistake = explained(lambda: _mistake(params, got))
        if mistake is not None:
            diagnoses = (Diagnosis(mistake.id, mistake.message),)
            fraction = max(fraction, Fraction(mistake.share or 0))
    return Outcome(
        verdict=verdict_for(fraction),
        fraction=fraction,
        basis=tried_on(len(tried)),
        feedback=tuple(messages),
        evidence=(Untyped(table=evidence),),
        diagnoses=diagnoses,
    )


class Returned(NamedTuple):
    """What a call gave: y as it came, y with 0 where it is not judged, and whether a second call agrees."""

    whole: FloatArray
    judged: FloatArray
    repeats: bool


def _read(params: TargetsParams, call: CallReading, shape: tuple[int, ...]) -> Returned:
    signature = f"{params.function}(x)"
    starts = [step - 1 for step in first_steps(params.targets, params.inputs)]
    sizes = f"x of shape {(*shape[:2], params.inputs)}"
    first = want_something(result_of(call, signature, sizes), params.function)
    whole = shaped(to_numpy(first, "y"), shape, "y", starts)
    if call.fault is not None:
        raise not_run(call.fault, signature, sizes)
    judged, again = judged_only(whole, starts), to_numpy(call.results[-1], "y")
    # What np.empty leaves before the first judged step differs from call to call.
    repeats = again.shape == shape and np.array_equal(judged, judged_only(again, starts))
    return Returned(whole, judged, repeats)


def _wrong_places(params: TargetsParams, targets: tuple[str, ...], got: list[FloatArray]) -> list[Wrong]:
    """The first wrong place of each input and output."""
    starts = [step - 1 for step in first_steps(params.targets, params.inputs)]
    found = []
    for trial, (x, y) in enumerate(zip(inputs(params), got, strict=True)):
        # Written as "not <=": NaN must be wrong.
        wrong = ~(np.abs(y - clean_targets(targets, x)) <= params.atol)
        for k, start in enumerate(starts):
            places = np.argwhere(wrong[:, start:, k])
            if len(places):
                sequence, step = min(places.tolist(), key=lambda place: place[1])
                found.append(Wrong(trial, sequence, step + start, k))
    return found


def _mistake(params: TargetsParams, got: list[FloatArray]) -> OtherTargets | None:
    fits = (one for one in params.mistakes if not _wrong_places(params, one.targets, got))
    return next(fits, None)


def _not_behind(params: TargetsParams, got: list[FloatArray]) -> list[int]:
    """Outputs, from 0, whose formula is not what lies behind their noise."""
    x, y = inputs(params)[-1], got[-1]
    clean = clean_targets(params.targets, x)
    late = max(first_steps(params.targets, params.inputs)) - 1
    return [k for k in range(y.shape[2]) if other_formula(x, y[:, :, k], clean[:, :, k], late) is not None]


def _told(params: TargetsParams, got: list[FloatArray], k: int) -> Feedback:
    bare = Feedback("wrong-target", f"y{k + 1} is not what was asked.")
    return explained(lambda: _message(params, got, k)) or bare


def _message(params: TargetsParams, got: list[FloatArray], k: int) -> Feedback:
    x, y = inputs(params)[-1], got[-1][:, :, k]
    right = clean_targets(params.targets, x)[:, :, k]
    start = first_steps(params.targets, params.inputs)[k] - 1
    gap = np.abs(y - right)[:, start:].max(axis=0)
    steps = start + 1 + np.flatnonzero(gap > params.atol)
    if not len(steps):
        first = next(place for place in _wrong_places(params, params.targets, got) if place.output == k)
        n_seqs, n_steps, _ = inputs(params)[first.trial].shape
        text = (
            f"y{k + 1} is right for {len(x)} sequences of {x.shape[1]} steps with inputs between 0 and 1, "
            f"but not for {n_seqs} of {n_steps} steps with whole numbers."
        )
        return Feedback("wrong-target", text)
    if len(steps) < len(gap) / 2:
        return Feedback("wrong-target", except_words(k + 1, steps.tolist()))
    found = fit_formula(x, y)
    if gap.max() <= ROUNDED and same_formula(found, fit_formula(x, right)):
        text = (
            f"y{k + 1} follows its formula, but not exactly: it is off by up to {gap.max():.2g}. Are the "
            "numbers rounded, or kept in few digits?"
        )
        return Feedback("not-exact", text)
    if found.explained > 1 - 1e-6:
        text = f"What comes out follows {found.words(k + 1)}; that is not the formula."
        return Feedback("other-formula", text)
    return Feedback("wrong-target", f"y{k + 1} does not follow its formula.")


def _counterexample(
    place: Wrong, tried: tuple[FloatArray, ...], wanted: list[FloatArray], got: list[FloatArray]
) -> dict[str, Any]:
    x, right, y = (one[place.trial][place.sequence] for one in (tried, wanted, got))
    return {
        "inputs": x.tolist(),
        "expected": right.tolist(),
        "got": y.tolist(),
        "first_wrong_step": place.step + 1,
        "output": place.output + 1,
    }


PARAMS = {
    "inputs": 3,
    "targets": ["5*x[1] - 0.2*delay(x[3], 1)", "25*delay(x[2], 1)*delay(x[3], 3)"],
    "mistakes": [
        {
            "id": "coefficient-dropped",
            "targets": ["5*x[1] - delay(x[3], 1)", "25*delay(x[2], 1)*delay(x[3], 3)"],
            "message": "The coefficient of x3(t-1) is missing, as in the printed code.",
            "share": "3/4",
        }
    ],
}
TARGETS = """import numpy as np
def make_targets(x):
    y = np.zeros((*x.shape[:2], 2))
    y[:, 1:, 0] = 5 * x[:, 1:, 0] - 0.2 * x[:, :-1, 2]
    y[:, 3:, 1] = 25 * x[:, 2:-1, 1] * x[:, :-3, 2]
    return y
"""


def _changed(before: str, after: str) -> str:
    assert before in TARGETS
    return TARGETS.replace(before, after)


CHECK = Kind(
    params=TargetsParams,
    asks=lambda params: Asks(function=params.function),
    probes=probes,
    judge=judge,
    examples=(
        KindExample("Zeros before the first input", PARAMS, TARGETS, "correct"),
        KindExample(
            "Whatever stands before the first input",
            PARAMS,
            _changed("np.zeros(", "7 + np.zeros("),
            "correct",
        ),
        KindExample(
            "NaN before the first input", PARAMS, _changed("np.zeros(", "np.nan * np.zeros("), "correct"
        ),
        KindExample(
            "Memory as it was before the first input",
            PARAMS,
            _changed("    return y", "    y[:, 0] = np.random.rand(2)\n    return y"),
            "correct",
        ),
        KindExample(
            "NaN where all inputs exist",
            PARAMS,
            _changed("    return y", "    y[:, -1] = np.nan\n    return y"),
            "invalid",
            "not-finite",
        ),
        KindExample(
            "Lists, float32", PARAMS, _changed("return y", "return y.astype('f').tolist()"), "correct"
        ),
        KindExample("The printed code", PARAMS, _changed("0.2 * ", ""), "partial", "other-formula"),
        KindExample(
            "A wrong lag", PARAMS, _changed("x[:, :-3, 2]", "x[:, 1:-2, 2]"), "partial", "other-formula"
        ),
        KindExample(
            "With noise",
            PARAMS,
            _changed("return y", "return y + 0.1 * np.random.randn(*y.shape)"),
            "partial",
            "adds-noise",
        ),
        KindExample("Rounded", PARAMS, _changed("return y", "return y.round(2)"), "incorrect", "not-exact"),
        KindExample("All zero", PARAMS, _changed("return y", "return 0 * y"), "incorrect"),
        KindExample(
            "Time first", PARAMS, _changed("return y", "return y.swapaxes(0, 1)"), "invalid", "shape"
        ),
        KindExample("Nothing returned", PARAMS, _changed("return y", "y"), "invalid", "returns-none"),
    ),
)
