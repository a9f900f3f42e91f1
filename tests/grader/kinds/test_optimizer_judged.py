"""What a step of Adam earns, with the states after each step written down here."""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest

from grader.answers.arrays import from_numpy
from grader.errors import Unreadable
from grader.kinds.optimizer.judge import OptimizerFacts, judge
from grader.kinds.optimizer.question import AskedStep, OptimizerParams, asked_steps, probes, repeated
from grader.model.evidence import tried_on
from grader.model.kind import Answer
from grader.model.outcome import Outcome
from grader.model.run import CallReading, Fault
from grader.model.value import Fields, Items, Nothing, Text, Value
from reference.adam import AdamState, Rates

PARAMS = OptimizerParams()
STEPS = asked_steps(PARAMS.instance_seed)
USUAL, OTHER = range(17), 17
FORMS = ("dict", "list", "array")
NAMES = ("U", "W", "V", "b", "c")
MOST = Fraction(3, 4)
SETTINGS = ("lr", "beta1", "beta2", "eps")
Change = Callable[[int, list[np.ndarray]], None]
"""What is done to theta, m and v after a step, by its number from 0."""


@functools.cache
def right(index: int, t_less: int = 0, ignored: tuple[str, ...] = (), eps: float = 0) -> AdamState:
    """The state after a step, entry by entry, as the paper writes it (algorithm 1)."""
    step, ends = STEPS[index], []
    usual = {"lr": 0.01, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8}
    lr, beta1, beta2, given = (
        usual[name] if name in ignored else getattr(step.rates, name) for name in SETTINGS
    )
    t = step.t - t_less
    for theta, m, v, g in zip(*step.state, step.g, strict=True):
        m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g * g
        size = lr * (m / (1 - beta1**t)) / (math.sqrt(v / (1 - beta2**t)) + (eps or given))
        ends.append((theta - size, m, v))
    return AdamState(*map(np.array, zip(*ends, strict=True)))


def handed(flat: np.ndarray, step: AskedStep, form: str) -> Value:
    """The arrays of a step in the form in which they went in."""
    if form == "array":
        return from_numpy(flat)
    arrays, at = [], 0
    for shape in step.shapes:
        arrays.append(from_numpy(flat[at : at + math.prod(shape)].reshape(shape)))
        at += math.prod(shape)
    return Fields(dict(zip(NAMES, arrays, strict=True))) if form == "dict" else Items(tuple(arrays))


def result(index: int, end: AdamState, form: str, style: str = "returned") -> Value:
    """What was returned, and the arguments after the call."""
    step = STEPS[index]
    theta, m, v = (handed(one, step, form) for one in end)
    before = [handed(one, step, form) for one in step.state]
    after = [theta, m, v] if style == "in place" else [before[0], m, v] if style == "theta alone" else before
    returned: dict[str, Value] = {
        "returned": Items((theta, m, v)),
        "with more": Items((theta, m, v, Text("done"))),
        "by name": Fields({"v": v, "m": m, "params": theta}),
        "in place": Nothing(),
        "theta alone": theta,
    }
    return Items((returned[style], after[0], handed(step.g, step, form), after[1], after[2], Nothing()))


def readings(
    change: Change | None = None,
    end_of: Callable[[int], AdamState] = right,
    form: str = "dict",
    style: str = "returned",
) -> list[CallReading]:
    """All calls where a function takes one form only."""
    calls = []
    for index in range(len(STEPS)):
        arrays = [one.copy() for one in end_of(index)]
        if change:
            change(index, arrays)
        calls.append(CallReading(results=(result(index, AdamState(*arrays), form, style),)))
    broken = CallReading(fault=Fault(kind="exception", message="TypeError: no", error="TypeError"))
    return [one for other in FORMS for one in (calls if other == form else [broken] * len(calls))]


def decided(calls: list[CallReading]) -> tuple[Outcome, OptimizerFacts]:
    judgement = judge(PARAMS, Answer(calls=tuple(calls)))
    return judgement.outcome, judgement.facts


def codes(outcome: Outcome) -> list[str]:
    return [one.code for one in outcome.feedback]


def test_each_step_is_asked_in_each_form_of_which_the_last_has_other_settings() -> None:
    assert len(STEPS) == 18
    assert len(probes(PARAMS)) == 3 * 18
    assert [one.rates for one in STEPS[:-1]] == [Rates(0.01, 0.9, 0.999, 1e-8)] * 17
    assert all(a != b for a, b in zip(STEPS[-1].rates, STEPS[0].rates, strict=True))
    # A function that counts its calls is never right twice running.
    assert all(after.t != before.t + 1 for before, after in itertools.pairwise(STEPS))
    for first, again in repeated():
        assert STEPS[first] == STEPS[again] or all(
            map(np.array_equal, STEPS[first].state, STEPS[again].state)
        )
        assert first < again
    assert len(repeated()) == 2


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("style", ["returned", "with more", "by name", "in place", "theta alone"])
def test_a_right_step_earns_all_in_whatever_form_it_comes_back(form: str, style: str) -> None:
    outcome, facts = decided(readings(form=form, style=style))
    assert (outcome.fraction, outcome.feedback, outcome.basis) == (1, (), tried_on(17))
    (evidence,) = outcome.evidence
    assert (evidence.form, evidence.arrays, evidence.steps) == ("torch", form, 17)
    assert evidence.in_place is (style == "in place")
    assert (facts.form, facts.nearest, facts.array_form) == ("torch", "torch", form)
    assert len(facts.ends) == 17
    assert facts.other is not None


def test_of_several_forms_that_run_the_first_counts() -> None:
    calls = readings(form="dict")[:18] + readings(form="list")[18:36] + readings(form="array")[36:]
    assert decided(calls)[0].evidence[0].arrays == "dict"
    calls[:18] = readings(form="list")[:18]
    assert decided(calls)[0].evidence[0].arrays == "list"


def moved(index: int, part: int, entry: int, by: float) -> Change:
    def change(at: int, arrays: list[np.ndarray]) -> None:
        if at == index:
            arrays[part][entry] += by

    return change


@pytest.mark.parametrize("index", [0, 2, 3, 16])
@pytest.mark.parametrize("part", range(3))
@pytest.mark.parametrize("sign", [1, -1])
def test_an_entry_may_be_off_by_a_ten_thousandth_of_its_largest(index: int, part: int, sign: int) -> None:
    group = range(3) if index < 3 else range(3, 17)
    n = len(STEPS[index].g)
    for entry in (0, n // 2, n - 1):
        passed = [right(at)[part][entry] - (STEPS[at].state.theta[entry] if part == 0 else 0) for at in group]
        allowed = 1e-4 * max(map(abs, passed)) + (1e-7 if part == 0 else 0)
        if allowed < 1e-12:
            continue
        within, beyond = (moved(index, part, entry, sign * share * allowed) for share in (0.98, 1.02))
        assert decided(readings(within))[0].fraction == 1
        outcome, facts = decided(readings(beyond))
        assert outcome.fraction == MOST * Fraction(2, 3)
        assert (facts.form, facts.nearest) == (None, "torch")
        assert codes(outcome)[0] == "wrong-step"


@pytest.mark.parametrize("wrong", [some for n in (1, 2, 3) for some in itertools.combinations(range(3), n)])
@pytest.mark.parametrize("form", FORMS)
def test_each_part_of_a_step_is_worth_a_quarter(wrong: tuple[int, ...], form: str) -> None:
    def change(index: int, arrays: list[np.ndarray]) -> None:
        for part in wrong:
            arrays[part][-1 if index > 2 else 4] += 1e3

    outcome, _ = decided(readings(change, form=form))
    assert outcome.fraction == MOST * Fraction(3 - len(wrong), 3)
    parts = ("the parameters", "m", "v")
    kept = [parts[k] for k in range(3) if k not in wrong]
    assert outcome.evidence[-1].right == kept
    where = "" if form == "array" else " (c)"
    text = f"After a step {' and '.join(parts[k] + where for k in wrong)} differ from Adam's"
    if kept:
        text += f"; {' and '.join(kept)} {'are' if len(kept) > 1 else 'is'} right"
    assert outcome.feedback[0].message == f"{text}."


def test_arrays_are_named_where_not_all_are_wrong() -> None:
    entries = {"U": 0, "W": 6, "V": 10, "b": 12, "c": 14}

    def change_of(names: tuple[str, ...], at: int) -> Change:
        def change(index: int, arrays: list[np.ndarray]) -> None:
            if index == at:
                for name in names:
                    arrays[1][entries[name] if at > 2 else NAMES.index(name)] += 1e3

        return change

    for n in (1, 4, 5):
        for names in itertools.combinations(NAMES, n):
            for at in (1, 7):
                outcome, _ = decided(readings(change_of(names, at)))
                where = f" ({', '.join(names)})" if n < 5 else ""
                assert f"After a step m{where} differ" in outcome.feedback[0].message


@pytest.mark.parametrize(("at", "is_first"), [((0,), True), ((1,), False), ((0, 1), False)])
def test_numbers_that_are_not_finite_at_the_first_step_alone_are_said_to_be_that(
    at: tuple[int, ...], is_first: bool
) -> None:
    def change(index: int, arrays: list[np.ndarray]) -> None:
        if index in at:
            arrays[0][0] = np.nan

    outcome, _ = decided(readings(change))
    assert STEPS[0].t == 1 != STEPS[1].t
    assert ("t = 1, there are values" in outcome.feedback[0].message) is is_first
    assert outcome.fraction == MOST * Fraction(2, 3)


def test_a_step_that_ends_elsewhere_when_it_is_asked_again_keeps_state() -> None:
    ((first, again), _) = repeated()
    both = right(first).m[0]
    for by, is_kept in ((0.9e-6, False), (1.1e-6, True), (-1.1e-6, True)):

        def change(index: int, arrays: list[np.ndarray], by: float = by) -> None:
            if index in (first, again):
                arrays[1][:] = 2 * both * (1 + by * (index == again))

        outcome, _ = decided(readings(change))
        assert codes(outcome) == ["wrong-step", "keeps-state"] if is_kept else ["wrong-step"]
    for index in (again, repeated()[1][1]):
        assert codes(decided(readings(moved(index, 0, 0, 1)))[0]) == ["wrong-step", "keeps-state"]
    assert codes(decided(readings(moved(10, 0, 0, 1)))[0]) == ["wrong-step"]


def same_nan(index: int, arrays: list[np.ndarray]) -> None:
    if index in repeated()[0]:
        arrays[0][0] = np.nan


def test_values_that_are_lost_both_times_keep_no_state() -> None:
    assert codes(decided(readings(same_nan))[0]) == ["wrong-step"]


EVERY_SETTING = [some for n in range(5) for some in itertools.combinations(SETTINGS, n)]


@pytest.mark.parametrize("ignored", EVERY_SETTING, ids="-".join)
@pytest.mark.parametrize("eps", [0, 1e-7])
def test_settings_that_are_not_used_are_named_and_leave_three_quarters(
    ignored: tuple[str, ...], eps: float
) -> None:
    def end_of(index: int) -> AdamState:
        return right(index, 0, ignored if index == OTHER else (), eps)

    outcome, facts = decided(readings(end_of=end_of))
    # A fixed eps of 1e-7 is that of Keras, which is accepted.
    told = [name for name in ignored if not (eps and name == "eps")]
    assert facts.form == ("keras" if eps else "torch")
    assert outcome.fraction == (MOST if told else 1)
    assert codes(outcome) == ["eps-of-keras"] * bool(eps) + ["ignores-settings"] * bool(told)
    if told:
        said = outcome.feedback[-1].message
        assert [
            name for name in SETTINGS if name in said.partition("that")[0].replace(",", " ").split()
        ] == told
        assert ("its value is" in said) is (len(told) == 1)


def test_what_no_ignored_setting_explains_is_told_as_something_else() -> None:
    for calls in (readings(moved(OTHER, 1, 3, 10.0)), readings()):
        if calls[0] == readings()[0] and calls[OTHER] == readings()[OTHER]:
            calls[OTHER] = CallReading()
        outcome, _ = decided(calls)
        assert (outcome.fraction, codes(outcome)) == (MOST, ["ignores-settings"])
        assert "it does something else" in outcome.feedback[0].message
    failing = readings()
    failing[OTHER] = CallReading(fault=Fault(kind="exception", message="ValueError: no"))
    with pytest.raises(Unreadable) as caught:
        decided(failing)
    assert caught.value.code == "does-not-run-exception"


ZERO = CallReading(fault=Fault(kind="exception", message="division by zero", error="ZeroDivisionError"))
FIRST = [index for index in USUAL if STEPS[index].t == 1]


def from_zero(
    form: str = "dict", spoilt: dict[int, CallReading] | None = None, **how: object
) -> list[CallReading]:
    """A count from zero that divides by zero at the first step."""

    def end_of(index: int) -> AdamState:
        return right(index, 0 if index in FIRST else 1)

    calls = readings(end_of=end_of, form=form, **how)  # type: ignore[arg-type]
    at = 18 * FORMS.index(form)
    for index, one in (dict.fromkeys(FIRST, ZERO) | (spoilt or {})).items():
        calls[at + index] = one
    return calls


@pytest.mark.parametrize("form", FORMS)
def test_a_count_from_zero_is_told_by_its_division_in_any_form(form: str) -> None:
    outcome, facts = decided(from_zero(form))
    assert (outcome.fraction, codes(outcome)) == (MOST * Fraction(2, 3), ["division-by-zero"])
    assert (facts.array_form, facts.ends, outcome.basis) == (form, (), tried_on(17))


@pytest.mark.parametrize(
    "spoilt",
    [
        {FIRST[0]: CallReading(fault=Fault(kind="exception", message="no", error="TypeError"))},
        {FIRST[1]: CallReading()},
        {1: CallReading()},
        {16: ZERO},
        {2: CallReading(results=(Items((Text("x"), *[Nothing()] * 5)),))},
    ],
)
def test_other_failures_are_no_count_from_zero(spoilt: dict[int, CallReading]) -> None:
    with pytest.raises(Unreadable):
        decided(from_zero(spoilt=spoilt))


@pytest.mark.parametrize("index", [1, 2, 3, 16])
def test_one_later_step_that_is_wrong_is_no_count_from_zero(index: int) -> None:
    assert STEPS[index].t > 1
    with pytest.raises(Unreadable):
        decided(from_zero(change=moved(index, 1, 0, 1e3)))


def spoiled(returned: Value, form: str = "dict", after: dict[str, Value] | None = None) -> list[CallReading]:
    """Right calls but for the first, of which this came back."""
    calls = readings(form=form)
    step, at = STEPS[0], 18 * FORMS.index(form)
    before = {
        name: handed(one, step, form) for name, one in zip(("theta", "m", "v"), step.state, strict=True)
    }
    now = before | (after or {})
    items = (returned, now["theta"], handed(step.g, step, form), now["m"], now["v"], Nothing())
    calls[at] = CallReading(results=(Items(items),))
    return calls


def state(form: str = "dict") -> list[Value]:
    return [handed(one, STEPS[0], form) for one in right(0)]


def without(value: Value, *names: str) -> Value:
    assert isinstance(value, Fields)
    return Fields({name: one for name, one in value.fields.items() if name not in names})


THETA, M, V = state()
WIDE = from_numpy(np.zeros((1, 2)))


@pytest.mark.parametrize(
    ("calls", "code", "words"),
    [
        (spoiled(Nothing()), "no-effect", "changes nothing"),
        (spoiled(Text("done")), "not-a-state", "it returns"),
        (spoiled(Items((THETA, M))), "not-a-state", "it returns"),
        (spoiled(Items((without(THETA, "b", "c"), M, V))), "not-a-state", "has no b, c"),
        (spoiled(Items((THETA, M, without(V, "U")))), "not-a-state", "has no U"),
        (spoiled(without(THETA, "W")), "not-a-state", "has no W"),
        (spoiled(Fields({"params": THETA, "m": M})), "not-a-state", "it returns"),
        (spoiled(Fields({"params": THETA, "m": M, "v": without(V, "c")})), "missing-weight", "not all five"),
        (spoiled(Nothing(), after={"m": without(M, "b")}), "missing-weight", "not all five"),
        (spoiled(Items((Fields({**THETA.fields, "U": WIDE}), M, V))), "shape", r"\(1, 2\)"),
        (spoiled(Nothing(), "array", {"m": WIDE}), "shape", "2 numbers, it went in with 5"),
        (spoiled(Items(tuple(state("list")[:2])), "list"), "not-a-state", "it returns"),
        (spoiled(WIDE, "array"), "not-a-state", "it returns"),
        (spoiled(Items((*state("array")[:2], WIDE)), "array"), "not-a-state", "it returns"),
    ],
)
def test_what_is_no_state_is_said_to_be_that(calls: list[CallReading], code: str, words: str) -> None:
    with pytest.raises(Unreadable, match=words) as caught:
        decided(calls)
    assert caught.value.code == code
