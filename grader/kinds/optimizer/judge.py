"""A function that makes one step of Adam.

It is called for steps of many runs, in no order and two of them twice, with gradients from 1e-9 to 1e4. What
it makes of parameters and moments is held against the accepted forms and, where it is none of them, against
every known mistake.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

from grader.answers.instance_seed import instance_seed
from grader.errors import Unreadable
from grader.explaining import explained
from grader.kinds.optimizer.match import (
    KERAS_FORMS,
    N_STEPS,
    Moment,
    Moves,
    entries_alike,
    explain,
    ignored_settings,
    moments,
    moves_between,
    moves_of,
    parts_alike,
    repeated,
    right_form,
    right_moves,
)
from grader.kinds.optimizer.read import FORMS, After, Form, handed, read_after
from grader.kinds.optimizer.shown import PARTS, counterexample, first_counterexample, wrong_arrays
from grader.model.evidence import Basis, Untyped, tried_on
from grader.model.kind import Answer, Asks, Kind, KindExample, Params
from grader.model.outcome import Diagnosis, Feedback, Outcome, verdict_for
from grader.model.run import Call, CallReading
from grader.model.value import Number, Value
from grader.training.calls import not_run, result_of
from grader.training.optimizer_bank import BANK, RIGHT_FORMS, Rule
from reference.adam import AdamState
from reference.bptt import Parameters

# Right with the settings of the exercise, deaf to others.
IGNORES_SETTINGS_SHARE = Fraction(3, 4)
# For each of parameters, m and v that comes out right, a third of this.
SOME_RIGHT_SHARE = Fraction(3, 4)


class OptimizerParams(Params, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Parameters of `optimizer`.

    Args:
        function: Its name; called as function(params, grads, m, v, t, lr=, beta1=, beta2=, eps=) with dicts
            of arrays U, W, V, b, c (lists of arrays and single arrays are tried too). It returns
            (params, m, v) or changes them in place.
        seed: Of the steps.
    """

    function: str = "adam_step"
    seed: int = 0

    def __post_init__(self) -> None:
        if not self.function.isidentifier():
            raise ValueError(f"function is {self.function!r}, which is no name")

    @property
    def signature(self) -> str:
        """How the function is called, for messages."""
        return f"{self.function}(params, grads, m, v, t, lr=, beta1=, beta2=, eps=)"


def _seed(params: OptimizerParams) -> int:
    return instance_seed(f"optimizer/{params.function}", params.seed)


def probes(params: OptimizerParams) -> tuple[Call, ...]:
    """All steps for each way to hand over arrays: dicts, lists, single arrays."""
    return tuple(_call(moment, form) for form in FORMS for moment in moments(_seed(params)))


def _call(moment: Moment, form: Form) -> Call:
    theta, m, v = moment.state
    arrays: tuple[Value, ...] = tuple(handed(one, form, moment.shapes) for one in (theta, moment.g, m, v))
    rates = {name: Number(repr(value), "float") for name, value in moment.rates._asdict().items()}
    return Call(
        question="",
        function=(),
        args=(*arrays, Number(str(moment.t), "int")),
        kwargs=dict(rates),
        returns_arguments=True,
    )


class Steps(NamedTuple):
    """What the function did.

    Args:
        ends: The states after the steps with the usual settings.
        other: After the one step with other settings; None where it failed there.
        form: How it takes its arrays.
        is_in_place: Whether it changes them in place.
        seed: Of the steps.
    """

    ends: tuple[AdamState, ...]
    other: AdamState | None
    form: Form
    is_in_place: bool
    seed: int

    @property
    def moves(self) -> Moves:
        """What the steps with the usual settings did."""
        return moves_between(moments(self.seed)[:-1], self.ends)


def judge(params: OptimizerParams, answer: Answer) -> Outcome:
    """One of the accepted forms, or a named mistake.

    Raises:
        Unreadable: If the function does not run or does not give a state back.
    """
    by_form = np.array_split(np.arange(len(answer.calls)), len(FORMS))
    readings = [[answer.calls[i] for i in part] for part in by_form]
    if any(_is_from_zero(params, calls, form) for calls, form in zip(readings, FORMS, strict=True)):
        return _from_zero()
    used = next((i for i, calls in enumerate(readings) if any(one.results for one in calls)), 0)
    steps = _read(params, readings[used], FORMS[used])
    form = right_form(steps.moves, steps.seed)
    facts: dict[str, Any] = {
        "form": form,
        "arrays": steps.form,
        "in_place": steps.is_in_place,
        "steps": N_STEPS,
    }
    basis = tried_on(N_STEPS)
    if form is None:
        return _wrong(steps, basis, facts)
    ignored = None if steps.other is None else ignored_settings(_other_moves(steps), steps.seed)
    fraction, messages = _settings(form, ignored)
    if fraction < 1 and steps.other is not None:
        facts["counterexample"] = _other_shown(steps, RIGHT_FORMS[form])
    return Outcome(
        verdict=verdict_for(fraction),
        fraction=fraction,
        basis=basis,
        feedback=messages,
        evidence=(Untyped(table=facts),),
    )


def _is_from_zero(params: OptimizerParams, calls: list[CallReading], form: Form) -> bool:
    """Whether every step with t = 1 divides by zero and all others are Adam's with t - 1 in place of t."""
    pairs = list(zip(calls[:-1], moments(_seed(params))[:-1], strict=True))
    first = [reading.fault for reading, moment in pairs if moment.t == 1]
    if not all(fault is not None and fault.message.startswith("ZeroDivisionError") for fault in first):
        return False
    later = [pair for pair in pairs if pair[1].t > 1]
    if not all(reading.results for reading, _ in later):
        return False
    steps = [moment for _, moment in later]
    try:
        moves = moves_between(steps, [_end(params, *pair, form).state for pair in later])
    except Unreadable:
        return False
    early = [moment._replace(t=moment.t - 1) for moment in steps]
    return any(all(parts_alike(moves, moves_of(rule, early))) for rule in RIGHT_FORMS.values())


def _from_zero() -> Outcome:
    slip = next(slip for slip in BANK if slip.id == "t-from-zero")
    # As for the same mistake in numpy, which gives NaN and goes on: m and v are right.
    fraction = SOME_RIGHT_SHARE * Fraction(2, 3)
    return Outcome(
        verdict=verdict_for(fraction),
        fraction=fraction,
        basis=tried_on(N_STEPS),
        feedback=(Feedback("division-by-zero", "The first step, t = 1, divides by zero."),),
        diagnoses=(Diagnosis(slip.id, slip.message),),
    )


def _end(params: OptimizerParams, reading: CallReading, moment: Moment, form: Form) -> After:
    """The state after one step.

    Raises:
        Unreadable: If the function failed at it or gave no state back.
    """
    sizes = f"t = {moment.t} and arrays of shapes {', '.join(map(str, moment.shapes))}"
    return read_after(result_of(reading, params.signature, sizes), moment, form, params.function)


def _read(params: OptimizerParams, calls: list[CallReading], form: Form) -> Steps:
    seed = _seed(params)
    *usual, other = moments(seed)
    ends = [_end(params, reading, moment, form) for reading, moment in zip(calls, usual, strict=False)]
    last = None
    if calls[-1].results:
        last = _end(params, calls[-1], other, form).state
    elif calls[-1].fault is not None:
        raise not_run(calls[-1].fault, params.signature)
    return Steps(tuple(end.state for end in ends), last, form, ends[0].is_in_place, seed)


def _other_moves(steps: Steps) -> Moves:
    assert steps.other is not None
    return moves_between(moments(steps.seed)[-1:], [steps.other])


def _other_shown(steps: Steps, rule: Rule) -> dict[str, Any]:
    """The step with other settings, and what was wanted."""
    assert steps.other is not None
    moment = moments(steps.seed)[-1]
    alike = entries_alike(_other_moves(steps), moves_of(rule, [moment]))
    return counterexample(moment, steps.other, rule, steps.form, AdamState(*(part[0][0] for part in alike)))


def _settings(form: str, ignored: tuple[str, ...] | None) -> tuple[Fraction, tuple[Feedback, ...]]:
    messages = []
    if form in KERAS_FORMS:
        text = "It uses eps = 1e-7, as Keras does, whatever is asked for. That is accepted."
        messages.append(Feedback("eps-of-keras", text))
        ignored = tuple(name for name in ignored if name != "eps") if ignored is not None else None
    if ignored is None:
        text = "With unusual lr, beta1, beta2 and eps it does something else: are all four used as given?"
        return IGNORES_SETTINGS_SHARE, (*messages, Feedback("ignores-settings", text))
    if ignored:
        names = " and ".join(filter(None, (", ".join(ignored[:-1]), ignored[-1])))
        fixed = "its value is" if len(ignored) == 1 else "their values are"
        text = f"It does not use the {names} that it is given: {fixed} fixed inside the function."
        return IGNORES_SETTINGS_SHARE, (*messages, Feedback("ignores-settings", text))
    return Fraction(1), tuple(messages)


def _wrong(steps: Steps, basis: Basis, facts: dict[str, Any]) -> Outcome:
    alike = parts_alike(steps.moves, right_moves(steps.seed))
    fraction = SOME_RIGHT_SHARE * Fraction(sum(alike), len(alike))
    right = [name for name, is_right in zip(PARTS, alike, strict=True) if is_right]
    found = explained(lambda: explain(steps.moves, steps.seed)) or ()
    shown = explained(lambda: first_counterexample(steps.ends, steps.moves, steps.seed, steps.form))
    messages = [Feedback("wrong-step", _what_differs(steps, right))]
    if not _repeats(steps):
        text = (
            "The same step gives something else when it is asked for again: something is kept between calls."
        )
        messages.append(Feedback("keeps-state", text))
    return Outcome(
        verdict=verdict_for(fraction),
        fraction=fraction,
        basis=basis,
        feedback=tuple(messages),
        evidence=(Untyped(table={**facts, "right": right} | ({"counterexample": shown} if shown else {})),),
        diagnoses=tuple(Diagnosis(slip.id, slip.message) for slip in found),
    )


def _what_differs(steps: Steps, right: list[str]) -> str:
    """Which of parameters, m and v are wrong, and in which arrays."""
    usual = moments(steps.seed)[:-1]
    lost = {moment.t for moment, end in zip(usual, steps.ends, strict=True) if not np.isfinite(end).all()}
    if lost == {1}:
        return "After the first step, t = 1, there are values that are not finite numbers."
    wrong = wrong_arrays(steps.moves, steps.seed)
    told = []
    for part in PARTS:
        if part not in right:
            some = steps.form != "array" and len(wrong[part]) < len(Parameters._fields)
            told.append(f"{part} ({', '.join(wrong[part])})" if some else part)
    text = f"After a step {' and '.join(told)} differ from Adam's"
    return (
        f"{text}; {' and '.join(right)} {'are' if len(right) > 1 else 'is'} right." if right else f"{text}."
    )


def _repeats(steps: Steps) -> bool:
    """Whether steps that are asked for again end where they did."""
    pairs = [(steps.ends[first], steps.ends[again]) for first, again in repeated()]
    return all(np.allclose(a, b, rtol=1e-6, atol=0, equal_nan=True) for a, b in pairs)


ADAM = """import numpy as np
def adam_step(params, grads, m, v, t, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    for k, g in grads.items():
        m[k] = beta1 * m[k] + (1 - beta1) * g
        v[k] = beta2 * v[k] + (1 - beta2) * g ** 2
        m_hat = m[k] / (1 - beta1 ** t)
        v_hat = v[k] / (1 - beta2 ** t)
        params[k] = params[k] - lr * m_hat / (np.sqrt(v_hat) + eps)
    return params, m, v
"""
ONE_ARRAY = """import numpy as np
def adam_step(p, g, m, v, t, lr, beta1, beta2, eps):
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g * g
    lr = lr * np.sqrt(1 - beta2 ** t) / (1 - beta1 ** t)
    return p - lr * m / (np.sqrt(v) + eps), m, v
"""
DIVIDES = """import math, numpy as np
def adam_step(p, g, m, v, t, lr, beta1, beta2, eps):
    lr = lr * math.sqrt(1 - beta2 ** (t - 1)) / (1 - beta1 ** (t - 1))
    for k in p:
        m[k] = beta1 * m[k] + (1 - beta1) * g[k]
        v[k] = beta2 * v[k] + (1 - beta2) * g[k] ** 2
        p[k] = p[k] - lr * m[k] / (np.sqrt(v[k]) + eps)
    return p, m, v
"""


def _changed(before: str, after: str) -> str:
    assert before in ADAM
    return ADAM.replace(before, after)


CHECK = Kind(
    params=OptimizerParams,
    asks=lambda params: Asks(function=params.function),
    probes=probes,
    judge=judge,
    examples=(
        KindExample("Dicts, returned", {}, ADAM, "correct"),
        KindExample("In place, nothing returned", {}, _changed("    return params, m, v\n", ""), "correct"),
        KindExample("One array at a time, eps as in the paper's second form", {}, ONE_ARRAY, "correct"),
        KindExample("The eps of Keras", {}, _changed("+ eps", "+ 1e-7"), "correct", code="eps-of-keras"),
        KindExample("No corrections", {}, _changed(" / (1 - beta1 ** t)", ""), "partial", code="wrong-step"),
        KindExample("The power forgotten", {}, _changed(" ** t", ""), "partial", code="wrong-step"),
        KindExample(
            "A fixed learning factor", {}, _changed("- lr *", "- 0.01 *"), "partial", code="ignores-settings"
        ),
        KindExample("t - 1 in Python numbers", {}, DIVIDES, "partial", code="division-by-zero"),
        KindExample("t - 1 in place of t", {}, _changed("** t", "** (t - 1)"), "partial", code="wrong-step"),
        KindExample(
            "Nothing comes back",
            {},
            "def adam_step(params, grads, m, v, t, lr, beta1, beta2, eps):\n    pass",
            "invalid",
            code="no-effect",
        ),
        KindExample(
            "Settings not accepted",
            {},
            "def adam_step(params, grads, m, v, t):\n    return params, m, v",
            "invalid",
            code="does-not-run-exception",
        ),
    ),
)
