"""Data sets judged: what each fault costs, what is said, and what a set follows instead."""

from __future__ import annotations

import importlib
import itertools
import math
from fractions import Fraction

import msgspec
import numpy as np
import pytest

from grader.errors import Unreadable
from grader.explaining import keeping_failures
from grader.kinds.generator import diagnose, examination
from grader.kinds.generator.bounds import BoundTest
from grader.kinds.generator.examination import (
    UNSEEN,
    DataFaults,
    by_output,
    examine,
    input_faults,
    wrapped_outputs,
)
from grader.kinds.generator.question import Data, GeneratorParams, probes, sizes
from grader.model.kind import Answer
from grader.model.run import CallReading, Fault
from grader.training.fitted_formula import FittedFormula, FittedTerm
from grader.training.task import TaskParams

judging = importlib.import_module("grader.kinds.generator.judge")
TARGETS = ("5*x[1] - 0.2*delay(x[3], 1)", "25*delay(x[2], 1)*delay(x[3], 3)")
TABLE = {"inputs": 3, "targets": TARGETS}
FORMULA = FittedFormula((FittedTerm(2.0, ((0, 0),)),), np.zeros((2, 2)), 0.9)
BEHIND = FORMULA._replace(explained=0.5)
NOTHING_WRONG = DataFaults((), (None, None), ((), ()), (), False, 0.5)


def params_of(**changed):
    return msgspec.convert({**TABLE, **changed}, GeneratorParams)


def empty():
    return Data(np.zeros((2, 8, 3)), np.zeros((2, 8, 2)))


@pytest.fixture
def judged_so(monkeypatch):
    """What the judge makes of faults that were found."""

    def make(faults=NOTHING_WRONG, wraps=(), source=(True, False), failure=None):
        drawn = judging.Drawn(empty(), empty(), empty(), empty(), failure)
        monkeypatch.setattr(judging, "_drawn", lambda *given: drawn)
        monkeypatch.setattr(judging, "examine", lambda *given: faults)
        monkeypatch.setattr(judging, "wrapped_outputs", lambda *given: wraps)
        monkeypatch.setattr(judging, "random_source", lambda *given: judging.RandomSource(*source))
        return judging.judge(params_of(), Answer())

    return make


FAILURE = Unreadable("it fails", code="does-not-run-exception")
LIMITS = [
    {},
    {"wraps": (2,)},
    {"source": (False, False)},
    {"source": (True, True)},
    {"failure": FAILURE},
    {"wraps": (1, 2), "source": (False, True), "failure": FAILURE},
]


@pytest.mark.parametrize("limit", LIMITS)
@pytest.mark.parametrize("wrong", list(itertools.product([False, True], repeat=4)))
def test_inputs_each_output_and_noise_count_the_same_and_what_is_limited_earns_three_quarters(
    judged_so, wrong, limit
):
    inputs, first, second, noise = wrong
    faults = NOTHING_WRONG._replace(
        inputs=("x is not uniform", "the elements depend") * inputs,
        formulas=(FORMULA if first else None, None),
        broken_at=((), (4, 6) if second else ()),
        noise=("the noise: its mean is 3", "the noise: its spread") * noise,
    )
    judgement = judged_so(faults, **limit)
    outcome, facts = judgement.outcome, judgement.facts
    share = 1 - Fraction(sum(wrong), 4)
    most = Fraction(3, 4) if limit else Fraction(1)
    assert (outcome.fraction, facts.most, facts.faults) == (min(share, most), most, faults)
    assert outcome.verdict == {0: "incorrect", 1: "correct"}.get(outcome.fraction, "partial")
    assert outcome.basis.code == "tested on 64"


def test_all_that_was_found_is_said_in_this_order(judged_so):
    faults = DataFaults(
        inputs=("x is not uniform", "the elements of x depend"),
        formulas=(FORMULA, BEHIND),
        broken_at=((), ()),
        noise=("the noise of y1: it is large",),
        is_shared=True,
        largest=1.23456,
    )
    outcome = judged_so(faults, wraps=(1, 2), source=(False, False), failure=FAILURE).outcome
    assert [(one.code, one.message.partition(". ")[0].rstrip(".")) for one in outcome.feedback] == [
        ("inputs", "x is not uniform"),
        ("inputs", "The elements of x depend"),
        ("other-formula", "What comes out follows y1 = 2 x1(t); that is not the formula"),
        ("other-formula", "y2 does not follow its formula"),
        ("noise", "The noise of y1: it is large"),
        ("shared-noise", "All outputs get the same noise"),
        (
            "wraps-around",
            "The first steps of y1 and y2 take inputs from the end of the sequence, as np.roll does: there "
            "is nothing before the first input",
        ),
        ("ignores-rng", "The same rng gives other data each time: some numbers do not come from it"),
        (
            "wrong-at-size-one",
            "It works for several sequences, but with n_seqs = 1 and n_steps = 4: it fails",
        ),
    ]
    assert outcome.facts == {
        "largest_excess": 1.23,
        "follows": ["y1 = 2 x1(t)", "y2 = 2 x1(t)"],
        "repeatable": False,
    }


def test_steps_that_leave_a_formula_are_told_before_any_formula_and_a_seed_before_what_it_hides(judged_so):
    faults = NOTHING_WRONG._replace(formulas=(FORMULA, None), broken_at=((2,), ()), largest=math.inf)
    outcome = judged_so(faults, source=(False, True)).outcome
    assert [one.message.partition(". ")[0] for one in outcome.feedback] == [
        "y1 follows its formula except at step 2.",
        "Another rng gives the same data",
    ]
    assert outcome.facts["largest_excess"] is None
    assert judged_so().outcome.feedback == ()


@pytest.mark.fails_to_explain
@pytest.mark.parametrize("broken", ["_messages", "_evidence"])
def test_a_mark_stands_whatever_fails_to_be_said(judged_so, monkeypatch, broken):
    def fails(*given):
        raise ArithmeticError

    monkeypatch.setattr(judging, broken, fails)
    with keeping_failures() as failures:
        outcome = judged_so(wraps=(1,)).outcome
    assert (len(failures), outcome.fraction) == (1, Fraction(3, 4))
    assert (bool(outcome.feedback), bool(outcome.evidence)) == (broken == "_evidence", broken == "_messages")


def same_before(first):
    """Data of which y differs at its first steps only."""

    def make(number):
        x = np.arange(24.0).reshape(1, 8, 3) + (0 if first else number)
        y = np.ones((1, 8, 2)) + np.arange(8.0)[:, None]
        y[:, :3] = number
        return Data(x, y)

    return make


def test_steps_before_all_inputs_are_there_tell_nothing_of_the_source(monkeypatch):
    """The third output step is the first that is judged; before it y is other at each call."""
    made = same_before(first=True)
    drawn = judging.Drawn(made(1), made(2), made(3), made(4), None)
    monkeypatch.setattr(judging, "_drawn", lambda *given: drawn)
    monkeypatch.setattr(judging, "examine", lambda *given: NOTHING_WRONG)
    monkeypatch.setattr(judging, "wrapped_outputs", lambda *given: ())
    outcome = judging.judge(params_of(), Answer()).outcome
    assert outcome.facts["repeatable"] is True
    assert [one.code for one in outcome.feedback] == ["seed-inside"]


def reading(plain, size, number=0, times=1):
    """What a right function returns, each time something else."""
    results = []
    for again in range(times):
        x = np.full((*size, 3), 0.1 * number + 0.01 * again)
        results.append(plain((x, np.zeros((*size, 2)))))
    return CallReading(results=tuple(results))


SIZES = ((1, 4), (2, 8), (64, 100), (64, 100), (1000, 8))
BOOM = CallReading(results=(), fault=Fault(kind="exception", message="boom."))
NOT_CALLED = CallReading(results=())


def calls_of(plain):
    return [
        reading(plain, size, number, times)
        for number, (size, times) in enumerate(zip(SIZES, (1, 1, 2, 1, 1), strict=True))
    ]


def test_each_call_is_read_for_what_it_is(plain):
    drawn = judging._drawn(params_of(), Answer(calls=tuple(calls_of(plain))), [3, 3])
    assert [one.x[0, 0, 0] for one in drawn[:4]] == pytest.approx([0.2, 0.21, 0.3, 0.4])
    assert [one.y.shape for one in drawn[:4]] == [(64, 100, 2), (64, 100, 2), (64, 100, 2), (1000, 8, 2)]
    assert drawn.failure_at_one is None


@pytest.mark.parametrize("place", range(5))
def test_only_a_single_sequence_may_fail(plain, place):
    calls = calls_of(plain)
    calls[place] = BOOM
    if place == 0:
        failure = judging._drawn(params_of(), Answer(calls=tuple(calls)), [3, 3]).failure_at_one
        assert "boom" in failure.message
        assert failure.hint == "called with n_seqs = 1 and n_steps = 4"
        return
    with pytest.raises(Unreadable, match="boom") as told:
        judging._drawn(params_of(), Answer(calls=tuple(calls)), [3, 3])
    n_seqs, n_steps = SIZES[place]
    assert told.value.hint == f"called with n_seqs = {n_seqs} and n_steps = {n_steps}"


def test_what_ends_the_program_at_the_first_call_is_the_reason(plain):
    other = CallReading(results=(), fault=Fault(kind="exception", message="other"))
    for first, second, told in (
        (BOOM, NOT_CALLED, "boom"),
        (BOOM, other, "other"),
        (calls_of(plain)[0], NOT_CALLED, "not called"),
    ):
        calls = (first, second, *calls_of(plain)[2:])
        with pytest.raises(Unreadable, match=told):
            judging._drawn(params_of(), Answer(calls=calls), [3, 3])


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"n_seqs": 63}, "n_seqs from 64"),
        ({"n_seqs": 64, "n_steps": 32, "noise": 1e-9}, None),
        ({"n_steps": 31}, "n_steps from 32"),
        ({"noise": 0}, "wanted a number above 0"),
        ({"noise": -1}, "wanted a number above 0"),
        ({"function": "my function"}, "no name"),
        ({"inputs": 0}, "inputs is 0"),
        ({"inputs": 17}, "inputs is 17"),
        ({"more": 1}, "more"),
    ],
)
def test_so_much_data_is_asked_that_a_wrong_noise_shows(changed, said):
    if said is None:
        params_of(**changed)
    else:
        with pytest.raises(msgspec.ValidationError, match=said):
            params_of(**changed)


def test_calls_are_one_a_few_two_alike_another_and_many_short_sequences():
    drawn = set()
    for seed in range(3):
        params = params_of(seed=seed)
        calls = probes(params)
        asked = [(int(one.args[0].text), int(one.args[1].text), one.times) for one in calls]
        assert asked == [(1, 4, 1), (2, 8, 1), (64, 100, 2), (64, 100, 1), (1000, 8, 1)]
        seeds = {one.args[2] for one in calls}
        assert len(seeds) == 5
        assert not drawn & seeds
        drawn |= seeds
    assert sizes(params_of(targets=["x[1]"])) == ((1, 1), (2, 8), (64, 100), (1000, 2))
    default = params_of()
    assert (default.noise, default.n_seqs, default.n_steps, default.seed) == (0.1, 64, 100, 0)


@pytest.mark.parametrize(("excess", "are_alone"), [(2.0, False), (2.01, True)])
def test_where_fewer_than_half_of_the_inputs_are_new_nothing_else_is_said(excess, are_alone):
    tests = [
        BoundTest("repeats", 0, excess),
        BoundTest("lag", 1, 1.5),
        BoundTest("lag", 2, 1.5),
        BoundTest("uniform", 1, 1.0),
        BoundTest("elements", 1, 9.0),
    ]
    x = np.arange(12.0).reshape(2, 2, 3)
    repeat, lag, elements = (examination.INPUT_FAULTS[name] for name in ("repeats", "lag", "elements"))
    assert input_faults(x, tests) == ((repeat,) if are_alone else (repeat, lag, elements))
    assert input_faults(x, tests[1:]) == (lag, elements)
    copies = [BoundTest("repeats", 0, 9.0)]
    assert input_faults(x[:1].repeat(2, 0), copies) == ("all sequences of x are the same",)
    assert input_faults(x[:, :1].repeat(2, 1), copies) == ("x is the same at all steps of a sequence",)
    assert input_faults(x[..., :1].repeat(3, 2), copies) == ("the elements of x are the same",)


@pytest.mark.parametrize(("n_pairs", "wraps"), [(36, ()), (37, (1,))])
@pytest.mark.parametrize(("odd", "scale"), [(0, 1.0), (1, 1.0), (0, 0.01)])
def test_outputs_wrap_where_37_pairs_agree_on_it(n_pairs, wraps, odd, scale):
    """All pairs alike add up to the root of their number, and its bound is the root of 36.8."""
    params = TaskParams(inputs=1, targets=("delay(x[1], 1)",))
    x = np.zeros((2 * n_pairs + odd, 2, 1))
    x[::2, -1] = scale
    ends = x[:, -1:]
    y = np.concatenate([ends, np.zeros_like(ends)], axis=1)
    assert wrapped_outputs(params, Data(x, y)) == wraps
    assert wrapped_outputs(params, Data(x, scale - y)) == ()
    assert wrapped_outputs(params, Data(0 * x, y)) == ()


@pytest.mark.parametrize(
    ("formulas", "is_unseen"),
    [((None, None), False), ((FORMULA, BEHIND), False), ((BEHIND, None), False), ((BEHIND, BEHIND), True)],
)
@pytest.mark.parametrize("broken", [((), ()), ((2,), ())])
@pytest.mark.parametrize("shares", [True, False])
def test_noise_is_unseen_where_no_output_follows_anything(monkeypatch, formulas, is_unseen, broken, shares):
    """And it is compared where all outputs follow their own formulas at all steps."""
    rows = iter([[step - 4 for step in steps] for steps in broken])
    given = iter(formulas)
    monkeypatch.setattr(examination, "_broken_at", lambda r: next(rows))
    monkeypatch.setattr(examination, "other_formula", lambda x, y, clean, start: next(given))
    monkeypatch.setattr(examination, "shares_noise", lambda one, two: shares)
    monkeypatch.setattr(examination, "noise_tests", lambda r, output: [BoundTest("mean", output, 7.0)])
    monkeypatch.setattr(
        examination,
        "input_tests",
        lambda x: [BoundTest("repeats", 0, 50.0), BoundTest("lag", 1, 3.0)],
    )
    monkeypatch.setattr(examination, "noise_faults", lambda r, tests: ["plain"])
    monkeypatch.setattr(examination, "fitted_noise_faults", lambda formula, noise: ["fitted"])
    if broken[0]:
        # Of an output that is broken no formula is looked for.
        formulas = (None, formulas[0])
        is_unseen = False
    found = examine(TaskParams(**TABLE), 0.1, empty())
    assert found.formulas == formulas
    assert found.broken_at == broken
    assert found.is_shared is (shares and formulas == (None, None) and not broken[0])
    assert found.largest == 7.0
    texts = [
        [] if steps else ["plain" if one is None else "fitted"]
        for one, steps in zip(formulas, broken, strict=True)
    ]
    assert found.noise == ((UNSEEN,) if is_unseen else by_output(texts))
    assert found.outputs_wrong == tuple(k for k in (1, 2) if formulas[k - 1] is not None or broken[k - 1])


def test_one_output_shares_its_noise_with_none():
    rng = np.random.default_rng(1)
    x = rng.random((64, 40, 1))
    found = examine(
        TaskParams(inputs=1, targets=("2*x[1]",)), 0.1, Data(x, 2 * x + 0.1 * rng.standard_normal(x.shape))
    )
    assert (found.is_shared, found.formulas, found.noise, found.inputs) == (False, (None,), (), ())


@pytest.mark.parametrize(
    ("share", "most", "fraction"),
    [("", 1, None), ("3/4", 1, Fraction(3, 4)), ("3/4", Fraction(1, 2), Fraction(1, 2)), ("0", 1, 0)],
)
def test_a_known_wrong_target_is_named_with_its_credit(monkeypatch, share, most, fraction):
    other = {"id": "dropped", "targets": TARGETS, "message": "printed code", "share": share}
    params = params_of(mistakes=[other])
    for excess, is_known in ((1.0, True), (1.01, False)):
        monkeypatch.setattr(diagnose, "variance_excess", lambda r, excess=excess: excess)
        for formulas, is_wrong in (((None, FORMULA), True), ((None, None), False)):
            facts = judging.GeneratorFacts(empty(), NOTHING_WRONG._replace(formulas=formulas), Fraction(most))
            found = diagnose.diagnose(params, facts)
            assert [one.id for one in found.diagnoses] == (["dropped"] if is_known and is_wrong else [])
            assert found.fraction == (fraction if is_known and is_wrong else None)


def test_a_target_is_known_where_every_output_fits_it(monkeypatch):
    excesses = iter([0.5, 1.5, 0.5, 0.5])
    monkeypatch.setattr(diagnose, "variance_excess", lambda r: next(excesses))
    mistakes = [{"id": id, "targets": TARGETS, "message": "m"} for id in ("one", "two")]
    assert diagnose.known_targets(params_of(mistakes=mistakes), 0.1, empty()).id == "two"
