"""What a gradient function earns at each limit, with what it returns written down rather than computed."""

from __future__ import annotations

import runpy
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import msgspec
import numpy as np
import pytest
from msgspec import UNSET

from grader.answers.arrays import from_numpy
from grader.errors import Unreadable
from grader.kinds.gradient.diagnose import diagnose
from grader.kinds.gradient.judge import GradientFacts, block_errors, judge, relative_error
from grader.kinds.gradient.question import GradientParams, probes, trials
from grader.model.evidence import tried_on
from grader.model.kind import Answer
from grader.model.outcome import Finding, Outcome
from grader.model.run import CallReading, Fault
from grader.model.value import Fields, Nothing, Value
from grader.networks.backward.gradients import Arrays

TABLE = runpy.run_path(str(Path(__file__).with_name("answers_to_kinds") / "gradient.py"))["PARAMS"]
PARAMS = msgspec.convert(TABLE, GradientParams)
NAMES = ("U", "W", "V", "b", "c")
TRIALS = trials(PARAMS)
# All sizes 1, two steps, each of five sizes 1, large targets; then what the exercise names, and many steps.
LARGE, GENERAL, LONG = 7, 8, 9
SMALL = tuple(range(7))
HALF, MOST = Fraction(1, 2), Fraction(3, 4)
Change = Callable[[int, Arrays], None]


def fields(arrays: Arrays) -> Value:
    return Fields({name: from_numpy(array) for name, array in arrays.items()})


def judged(
    change: Change | None = None,
    again: Change | None = None,
    readings: dict[int, CallReading] | None = None,
) -> tuple[Outcome, GradientFacts]:
    """The decision on right gradients after a change, and a further one of what the second calls give."""
    calls = []
    for index, trial in enumerate(TRIALS):
        first = {name: array.copy() for name, array in trial.right.items()}
        if change:
            change(index, first)
        second = {name: array.copy() for name, array in first.items()}
        if again:
            again(index, second)
        calls.append((readings or {}).get(index, CallReading(results=(fields(first), fields(second)))))
    judgement = judge(PARAMS, Answer(calls=tuple(calls)))
    return judgement.outcome, judgement.facts


def earned(*args: object, **kwargs: object) -> tuple[Fraction, list[str]]:
    outcome, _ = judged(*args, **kwargs)  # type: ignore[arg-type]
    return outcome.fraction, [one.code for one in outcome.feedback]


def off(at: int | tuple[int, ...], name: str, share: float) -> Change:
    """Moves the first entry of a gradient by a share of its largest."""

    def change(index: int, arrays: Arrays) -> None:
        if index in (at if isinstance(at, tuple) else (at,)):
            arrays[name].ravel()[0] += share * np.abs(TRIALS[index].right[name]).max()

    return change


def both(*changes: Change) -> Change:
    def change(index: int, arrays: Arrays) -> None:
        for one in changes:
            one(index, arrays)

    return change


def test_ten_calls_are_made_twice_each() -> None:
    assert [(one.is_large, one.is_general) for one in TRIALS] == [
        *[(False, False)] * 7,
        (True, False),
        *[(False, True)] * 2,
    ]
    assert [one.times for one in probes(PARAMS)] == [2] * 10
    assert TRIALS[LONG].sizes["T"] == 60
    assert TRIALS[GENERAL].sizes == TABLE["sizes"][0]


def test_right_gradients_earn_all() -> None:
    outcome, facts = judged()
    assert (outcome.fraction, outcome.feedback, outcome.basis) == (1, (), tried_on(10))
    assert outcome.evidence[0].errors == dict.fromkeys(NAMES, 0.0)
    assert [one.trial for one in facts.general] == [TRIALS[GENERAL], TRIALS[LONG]]
    assert all(one.repeats and not one.in_columns and one.failure is None for one in facts.attempts)


@pytest.mark.parametrize("at", range(10))
@pytest.mark.parametrize("name", ["U", "c"])
@pytest.mark.parametrize("sign", [1, -1])
def test_an_error_counts_from_a_thousandth_on_and_over_many_steps_from_a_hundredth(
    at: int, name: str, sign: int
) -> None:
    allowed = 1e-2 if at == LONG else 1e-3
    assert earned(off(at, name, sign * 0.99 * allowed)) == (1, [])
    wanted = {LARGE: (MOST, ["wrong-where-large"])} | dict.fromkeys(SMALL, (MOST, ["wrong-at-size-one"]))
    wrong = off(at, name, sign * 1.01 * allowed)
    assert earned(wrong) == wanted.get(at, (MOST * Fraction(4, 5), ["wrong-gradient"]))
    # What the first call gives is judged, and the second is held against it as strictly.
    assert earned(again=off(at, name, sign * 0.99 * allowed)) == (1, [])
    assert earned(again=off(at, name, sign * 1.01 * allowed)) == (HALF, ["keeps-state"])


@pytest.mark.parametrize("n_wrong", range(1, 6))
def test_wrong_gradients_earn_three_quarters_of_the_share_that_is_right(n_wrong: int) -> None:
    wrong = NAMES[:n_wrong]
    for at in (GENERAL, LONG, (GENERAL, LONG)):
        outcome, _ = judged(both(*(off(at, name, 0.5) for name in wrong)))
        assert outcome.fraction == MOST * Fraction(5 - n_wrong, 5)
        right = ", ".join(NAMES[n_wrong:]) or "none"
        text = f"Wrong gradients: {', '.join(wrong)}; right: {right}. "
        assert (
            outcome.feedback[0].message == f"{text}The largest error is 0.5 of its gradient's largest entry."
        )
        assert outcome.evidence[0].errors == {name: 0.5 if name in wrong else 0.0 for name in NAMES}


def test_a_gradient_is_right_where_it_is_so_on_every_general_call() -> None:
    outcome, _ = judged(both(off(GENERAL, "U", 0.25), off(LONG, "W", 0.123456)))
    assert outcome.fraction == MOST * Fraction(3, 5)
    assert outcome.evidence[0].errors == {"U": 0.25, "W": 0.12, "V": 0.0, "b": 0.0, "c": 0.0}
    assert "error is 0.25 of" in outcome.feedback[0].message
    # What is wrong with a size of 1 besides is not told as right, and costs no more.
    outcome, _ = judged(both(off(GENERAL, "U", 0.25), off(SMALL, "b", 0.25)))
    assert outcome.fraction == MOST * Fraction(4, 5)
    assert "Wrong gradients: U, b; right: W, V, c." in outcome.feedback[0].message


def test_kept_state_leaves_half_at_most_and_costs_wrong_gradients_nothing() -> None:
    kept = off(3, "V", 0.1)
    assert earned(off(0, "U", 0.1), kept) == (HALF, ["wrong-at-size-one", "keeps-state"])
    assert earned(off(GENERAL, "U", 0.1), kept) == (MOST * Fraction(4, 5), ["wrong-gradient", "keeps-state"])
    four = both(*(off(LONG, name, 0.1) for name in NAMES[:4]))
    assert earned(four, kept) == (MOST * Fraction(1, 5), ["wrong-gradient", "keeps-state"])


@pytest.mark.parametrize("lost", [np.nan, np.inf, -np.inf])
def test_numbers_that_are_not_finite_are_wrong_and_no_kept_state(lost: float) -> None:
    def change(at: int) -> Change:
        def one(index: int, arrays: Arrays) -> None:
            if index == at:
                arrays["b"][0] = lost

        return one

    assert earned(change(0), off(0, "U", 0.1)) == (MOST, ["wrong-at-size-one"])
    outcome, _ = judged(change(GENERAL), off(GENERAL, "U", 0.1))
    assert (outcome.fraction, outcome.feedback[0].code) == (MOST * Fraction(4, 5), "not-finite")
    assert outcome.evidence[0].errors == {"U": 0.0, "W": 0.0, "V": 0.0, "b": None, "c": 0.0}
    # The second call's are.
    assert earned(again=change(0)) == (HALF, ["keeps-state"])


def test_a_second_call_that_cannot_be_read_keeps_state() -> None:
    right = fields(TRIALS[2].right)
    for other in (Nothing(), Fields({"U": from_numpy(TRIALS[2].right["U"])})):
        assert earned(readings={2: CallReading(results=(right, other))}) == (HALF, ["keeps-state"])
    fault = Fault(kind="exception", message="ValueError: no")
    assert earned(readings={2: CallReading(results=(right,), fault=fault)}) == (HALF, ["keeps-state"])


FAILS = {
    kind: CallReading(fault=Fault(kind=kind, message=f"it was {kind}"))
    for kind in ("exception", "memory", "crash")
}


@pytest.mark.parametrize(("n_small", "words"), [(1, ""), (2, "one other choice"), (3, "2 other choices")])
def test_what_fails_with_a_size_of_1_is_told_once_with_how_many_others(n_small: int, words: str) -> None:
    outcome, facts = judged(readings=dict.fromkeys(range(1, 1 + n_small), FAILS["exception"]))
    assert outcome.fraction == MOST
    (said,) = outcome.feedback
    assert said.code == "wrong-at-size-one"
    assert f"with {TRIALS[1].title}: it was exception" in said.message
    assert words in said.message
    assert ("So it is with" in said.message) is bool(words)
    assert [one.failure is not None for one in facts.attempts].count(True) == n_small
    assert [one.is_right for one in facts.attempts].count(False) == n_small


def test_sizes_of_1_and_large_errors_are_told_apart() -> None:
    every = {0: FAILS["exception"], LARGE: FAILS["memory"]}
    outcome, _ = judged(readings=every)
    assert outcome.fraction == MOST
    assert [one.code for one in outcome.feedback] == ["wrong-at-size-one", "wrong-where-large"]
    assert "it was memory" in outcome.feedback[1].message
    assert "targets of about 3000" in outcome.feedback[1].message
    assert "targets of" not in outcome.feedback[0].message
    assert "the gradients are wrong" in judged(off(LARGE, "U", 1))[0].feedback[0].message


@pytest.mark.parametrize(
    ("fails", "code"),
    [
        ({GENERAL: "exception"}, "exception"),
        ({LONG: "exception"}, "exception"),
        ({GENERAL: "exception", LONG: "memory"}, "exception"),
        ({0: "memory", LONG: "exception"}, "exception"),
        # Calls after the one that ended the program have no reason of their own.
        ({0: "crash", **dict.fromkeys(range(1, 10))}, "crash"),
        ({LARGE: "crash", GENERAL: None, LONG: None}, "crash"),
        ({GENERAL: None, LONG: "crash"}, "crash"),
        ({GENERAL: None, LONG: None}, "not-run"),
    ],
)
def test_what_does_not_run_in_general_is_unreadable(fails: dict[int, str | None], code: str) -> None:
    with pytest.raises(Unreadable) as caught:
        judged(readings={at: FAILS[kind] if kind else CallReading() for at, kind in fails.items()})
    assert caught.value.code == f"does-not-run-{code}"


@pytest.mark.parametrize("at", [(GENERAL, LONG), (GENERAL,), (LONG,), (*SMALL, LARGE), tuple(range(10))])
def test_columns_are_told_where_all_general_calls_have_them(at: tuple[int, ...]) -> None:
    def change(index: int, arrays: Arrays) -> None:
        if index in at:
            arrays.update({name: array.T for name, array in arrays.items()})

    is_told = {GENERAL, LONG} <= set(at)
    assert earned(change) == (1, ["columns"] if is_told else [])


def test_an_error_is_held_against_a_ten_thousandth_where_all_is_small() -> None:
    right = {"a": np.array([0.5]), "b": np.array([0.0]), "c": np.array([2e-5])}
    got = {"a": np.array([0.25]), "b": np.array([-5e-5]), "c": np.array([2e-5 + 1e-4])}
    assert block_errors(got, right) == pytest.approx({"a": 0.5, "b": 0.5, "c": 1.0})
    # Beside a gradient of 40 to four thousandths.
    more = {**right, "d": np.array([-40.0, 1.0])}
    found = block_errors({**got, "d": np.array([-40.0, 0.0])}, more)
    assert found == pytest.approx({"a": 0.5, "b": 0.0125, "c": 0.025, "d": 0.025})
    assert relative_error(np.array([1e-4]), np.array([0.0])) == pytest.approx(1)
    assert relative_error(np.array([3.0, -3.0]), np.array([2.0, -4.0])) == 0.25


def explained(*args: object, **kwargs: object) -> Finding:
    _, facts = judged(*args, **kwargs)  # type: ignore[arg-type]
    return diagnose(PARAMS, facts)


def times(factor: float, at: tuple[int, ...] = tuple(range(10))) -> Change:
    def change(index: int, arrays: Arrays) -> None:
        if index in at:
            for array in arrays.values():
                array *= factor

    return change


def cut_off(limit: float) -> Change:
    def change(index: int, arrays: Arrays) -> None:
        for array in arrays.values():
            np.clip(array, -limit, limit, out=array)

    return change


@pytest.mark.parametrize(
    ("factor", "share", "ids"),
    [
        (2, MOST, ["scale"]),
        (0.5, MOST, ["scale"]),
        (-1, HALF, ["scale"]),
        (-3, HALF, ["scale"]),
        (1, None, []),
    ],
)
def test_one_factor_of_all_leaves_three_quarters_and_a_sign_half(
    factor: float, share: Fraction | None, ids: list[str]
) -> None:
    found = explained(times(factor))
    assert (found.fraction, [one.id for one in found.diagnoses]) == (share, ids)
    # It must be that of every general call, and need not be that of others.
    assert explained(times(factor, (GENERAL, LONG))).fraction == share
    assert explained(times(factor, (GENERAL,))).fraction is None


def largest(index: int) -> float:
    return max(float(np.abs(one).max()) for one in TRIALS[index].right.values())


def test_clipping_leaves_three_quarters_where_only_large_gradients_are_cut() -> None:
    assert largest(GENERAL) < largest(LONG) < largest(LARGE)
    for limit, share in (
        (0.5 * largest(GENERAL), None),
        (0.5 * (largest(GENERAL) + largest(LONG)), MOST),
        (0.5 * (largest(LONG) + largest(LARGE)), None),
    ):
        found = explained(cut_off(limit))
        assert [one.id for one in found.diagnoses] == ["clipped"]
        assert f"cut off at {limit:.3g}" in found.diagnoses[0].message
        assert found.fraction == share
    assert explained(cut_off(2 * largest(LARGE))).diagnoses == ()
    # What failed says nothing of clipping.
    failing = explained(cut_off(0.5 * largest(LARGE)), readings={0: FAILS["exception"]})
    assert [one.id for one in failing.diagnoses] == ["clipped"]


def test_the_smallest_wrong_call_is_shown_in_full() -> None:
    found = explained(both(off(5, "W", 0.5), off(5, "b", 0.5), off(GENERAL, "U", 0.5)))
    (shown,) = (one.counterexample for one in found.evidence)
    trial = TRIALS[5]
    assert shown.sizes == dict(trial.sizes)
    assert list(shown.inputs) == ["x", "y", *NAMES]
    x, y = (np.array(shown.inputs[name]) for name in "xy")
    np.testing.assert_array_equal(x, trial.instance.inputs["x"].transpose(1, 0, 2))
    np.testing.assert_array_equal(y, trial.instance.targets["y"].transpose(1, 0, 2))
    for name in NAMES:
        np.testing.assert_array_equal(shown.expected[name], trial.right[name])
        assert np.array_equal(shown.got[name], trial.right[name]) is (name not in "Wb")
    assert shown.keys_right == {"U": True, "W": False, "V": True, "b": False, "c": True}
    assert shown.first_wrong_key == "W"
    assert shown.what is UNSET


def test_of_a_call_that_failed_it_is_shown_why() -> None:
    (shown,) = (one.counterexample for one in explained(readings={2: FAILS["exception"]}).evidence)
    assert (shown.got, shown.keys_right, shown.first_wrong_key) == (None, UNSET, UNSET)
    assert "it was exception" in shown.what
    assert shown.sizes == dict(TRIALS[2].sizes)
    (nothing,) = (one.counterexample for one in explained().evidence)
    assert nothing is UNSET
