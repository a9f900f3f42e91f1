"""When wrong gradients by hand are named: a table of mistakes and a right row that are written down here."""

from __future__ import annotations

from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import msgspec
import numpy as np
import pytest

from grader.answers.numbers import ExactNumber
from grader.answers.rounding import Slip
from grader.kinds.gradient.by_hand import FactsByHand
from grader.kinds.gradient.explaining_by_hand import _counts, _Known, _slipped, diagnose_by_hand
from grader.kinds.gradient.meanings import Counts
from grader.kinds.gradient.question import GradientParams
from grader.model.outcome import Diagnosis

RIGHT = {"u": [1.0, 2.0], "v": [3.0, 4.0], "w": [5.0, 6.5]}
MISTAKES = {
    "u alone": {"u": [9.0, 8.5]},
    "v alone": {"v": [7.0, 0.5]},
    "w alone": {"w": [0.25, 0.75]},
    "all": {"u": [7.0, 7.5], "v": [8.0, 9.0], "w": [11.0, 12.5]},
    "stops": {"u": [4.0, 4.5], "v": [2.0, 2.5]},
    "first alike": {"u": [6.0, 5.5]},
    "kept alike": {"u": [6.0, 5.5]},
}


def row(numbers: dict[str, Any]) -> np.ndarray:
    return np.array([one for name in RIGHT for one in numbers.get(name, RIGHT[name])], dtype=float)


class Written(_Known):
    """What is known, written down; three decimal places are asked."""

    def __init__(self, least: int = 1, least_one_by_one: int = 1) -> None:
        self.names, self.places = tuple(RIGHT), 3
        self.shapes = [(2,)] * 3
        self.starts = [0, 2, 4]
        self.counts = Counts(None, None, 1, False, False, 0)
        self.right = row({})
        self.mutants: list[Any] = [
            SimpleNamespace(id=id, has_kept_name=id.startswith("kept")) for id in MISTAKES
        ]
        self.table = np.array([row(one) for one in MISTAKES.values()])
        self.stops = np.array([id == "stops" for id in MISTAKES])
        self.slipped: list[np.ndarray] = []
        self.least = least
        self.__dict__["least_one_by_one"] = least_one_by_one

    def told(self, mutant: Any) -> Diagnosis:
        return Diagnosis(mutant.id, f"That is {mutant.id}.")


def named(known: _Known, **numbers: list[float]) -> list[str]:
    every = {name: np.array(numbers.get(name, RIGHT[name])) for name in RIGHT}
    return [one.id for one in known.named(every)]


def told(known: _Known, **numbers: list[float]) -> set[str]:
    every = {name: np.array(numbers.get(name, RIGHT[name])) for name in RIGHT}
    return {one.id for one in known.one_by_one(every)}


def test_a_mistake_is_named_whose_every_number_is_within_half_a_unit_of_the_last_place() -> None:
    known = Written()
    for by, id in (
        (0.0, "u alone"),
        (0.0005, "u alone"),
        (-0.0005, "u alone"),
        (0.00051, ""),
        (-0.00051, ""),
    ):
        assert named(known, u=[9.0, 8.5 + by]) == ([id] if id else [])
        assert named(known, u=[9.0, 8.5], w=[5.0, 6.5 + by]) == ([id] if id else [])
    assert named(known) == []


@pytest.mark.parametrize(("least", "is_named"), [(1, True), (2, True), (3, False)])
def test_so_many_numbers_must_be_wrong_that_chance_does_not_name_it(least: int, is_named: bool) -> None:
    assert named(Written(least), u=[9.0, 8.5]) == (["u alone"] if is_named else [])
    assert named(Written(least), **MISTAKES["all"]) == ["all"]


def test_of_mistakes_that_are_alike_the_one_with_a_name_of_its_own_is_told() -> None:
    known = Written()
    assert named(known, u=[6.0, 5.5]) == ["kept alike"]
    known.mutants[-1].has_kept_name = False
    assert named(known, u=[6.0, 5.5]) == ["first alike"]


@pytest.mark.parametrize(
    ("value", "other", "is_guess"),
    [
        (0.0, 0.0, True),
        (7.0, 7.0, True),
        (7.0, 7.001, True),
        (7.0, 7.0011, False),
        (7.0, 6.999, True),
        (7.0, 6.998, False),
    ],
)
def test_one_number_throughout_may_be_a_guess(value: float, other: float, is_guess: bool) -> None:
    known = Written()
    known.table[3] = [value] * 5 + [other]
    assert named(known, u=[value] * 2, v=[value] * 2, w=[value, other]) == ([] if is_guess else ["all"])
    assert told(known, u=[value] * 2, v=[value] * 2, w=[value, other]) == (set() if is_guess else {"all"})


def test_a_single_number_is_no_row_of_one() -> None:
    known = Written()
    assert known._may_be_guessed(np.array([0.0]))
    assert not known._may_be_guessed(np.array([3.0]))
    assert known._may_be_guessed(np.array([3.0, 3.0]))


def test_what_is_not_all_given_is_not_named() -> None:
    known = Written()
    assert known.named({"u": np.array([9.0, 8.5])}) == ()
    assert known.one_by_one({"u": np.array([9.0, 8.5])}) == ()


U, V, W = MISTAKES["u alone"], MISTAKES["v alone"], MISTAKES["w alone"]


@pytest.mark.parametrize(
    ("numbers", "most", "ids"),
    [
        # Two numbers of one gradient are wrong, four of two gradients, or all six.
        (U, 2, {"u alone"}),
        (U | V, 3, {"u alone", "v alone"}),
        (U | W, 3, {"u alone", "w alone"}),
        (U | V | W, 3, {"u alone", "v alone", "w alone"}),
        (MISTAKES["all"], 6, {"all"}),
    ],
)
def test_each_further_mistake_needs_a_wrong_number_more(
    numbers: dict[str, list[float]], most: int, ids: set[str]
) -> None:
    for least in range(1, 9):
        assert told(Written(1, least), **numbers) == (ids if least <= most else set())


def test_errors_that_stop_may_do_so_in_some_gradients_alone() -> None:
    known = Written()
    assert told(known, **MISTAKES["stops"]) == {"stops"}
    assert told(known, u=[4.0, 4.5]) == {"stops-in-du"}
    assert told(known, v=[2.0, 2.5]) == {"stops-in-dv"}
    assert told(known, v=[2.0, 2.5], **W) == {"stops-in-dv", "w alone"}
    # Others are made in all that they change.
    assert told(known, u=[7.0, 7.5]) == set()
    assert told(known, u=[7.0, 7.5], v=[8.0, 9.0]) == set()


@pytest.mark.parametrize(
    ("factor", "words"),
    [
        (-1, "of the wrong sign"),
        (0.5, "half as large as asked"),
        (2, "twice as large as asked"),
        (3, "3 times as large as asked"),
        (10, "10 times as large as asked"),
        (11, None),
        (2.5, None),
    ],
)
def test_factors_of_one_gradient_are_told_up_to_ten(factor: float, words: str | None) -> None:
    known = Written()
    numbers = {**RIGHT, "v": [factor * one for one in RIGHT["v"]]}
    found = known.one_by_one({name: np.array(one) for name, one in numbers.items()})
    if words is None:
        assert found == ()
    else:
        assert [one.message for one in found] == [
            f"The gradients are right but for a factor: that of v is {words}."
        ]


def test_one_factor_of_all_is_told_as_one() -> None:
    known = Written()
    known.counts = Counts(None, 4, 1, True, False, 2)
    for factor, words in (
        (4, "summed over time steps where the mean is meant"),
        (0.5, "the 2 of the squared error's derivative is missing"),
        (-1, "the sign is turned round"),
    ):
        numbers = {name: factor * np.array(one) for name, one in RIGHT.items()}
        (found,) = known.one_by_one(numbers)
        assert (found.id, found.message) == ("scale", f"All gradients are right but for one factor: {words}.")
    known.names, known.shapes, known.starts = ("u",), [(2,)], [0]
    known.right, known.table = known.right[:2], known.table[:, :2]
    (found,) = known.one_by_one({"u": 4 * np.array(RIGHT["u"])})
    assert found.id == "one-gradient-scaled"


@pytest.mark.parametrize("n_slipped", [0, 1, 20, 60])
@pytest.mark.parametrize("falsely", [[], [1], [1, 1, 2], [6] * 3, [2, 3, 4, 5], [1, 2, 6, 6]])
def test_so_many_must_be_wrong_that_one_in_twenty_slips_is_named_at_most(
    n_slipped: int, falsely: list[int]
) -> None:
    known = Written()
    known.slipped = [known.right] * n_slipped
    rows = [known.right + np.array([1.0] * count + [0.0] * (6 - count)) for count in falsely]
    allowed = max(1, n_slipped) / 20
    least = next(k for k in range(1, 8) if k == 7 or sum(count >= k for count in falsely) <= allowed)
    assert known._least(rows) == least


def test_slips_are_rounded_as_they_are_handed_in_and_right_ones_left_out() -> None:
    known = Written()
    near, off, lost = (
        {"u": np.array([first, 2.0]), "v": np.array([3.0, 4.0]), "w": np.array([5.0, 6.5])}
        for first in (1.0004, 1.23456, np.inf)
    )
    (left,) = known._rounded([near, off, lost])
    assert left.tolist() == [1.235, 2.0, 3.0, 4.0, 5.0, 6.5]


def numbers_of(slip: Slip) -> FactsByHand:
    entries = {"q": (ExactNumber(Fraction(1), "1"), ExactNumber(Fraction(2), "2"))}
    return FactsByHand(entries, {"q": (Slip.RIGHT, slip)})


@pytest.mark.parametrize(
    ("slip", "is_looked_up"),
    [(Slip.RIGHT, False), (Slip.ROUNDED_INTERMEDIATE, False), (Slip.TRUNCATED, True), (Slip.WRONG, True)],
)
def test_mistakes_are_looked_for_where_marks_were_lost(
    monkeypatch: pytest.MonkeyPatch, slip: Slip, is_looked_up: bool
) -> None:
    asked = []

    def known(params: Any) -> Any:
        asked.append(params)
        return SimpleNamespace(named=lambda _: (), one_by_one=lambda _: (Diagnosis("x", "y"),))

    monkeypatch.setitem(diagnose_by_hand.__globals__, "_known", known)
    finding = diagnose_by_hand("question", numbers_of(slip))  # type: ignore[arg-type]
    assert bool(asked) is bool(finding.diagnoses) is is_looked_up
    lost = FactsByHand({"q": (Slip.PERCENT,)}, {"q": (Slip.PERCENT,)})
    assert diagnose_by_hand("question", lost).diagnoses == ()  # type: ignore[arg-type]


def test_a_mistake_in_all_is_told_before_those_in_some(monkeypatch: pytest.MonkeyPatch) -> None:
    both = SimpleNamespace(
        named=lambda _: ("mutant",),
        told=lambda one: Diagnosis("all", one),
        one_by_one=lambda _: (Diagnosis("x", "y"),),
    )
    monkeypatch.setitem(diagnose_by_hand.__globals__, "_known", lambda _: both)
    finding = diagnose_by_hand("question", numbers_of(Slip.WRONG))  # type: ignore[arg-type]
    assert finding.diagnoses == (Diagnosis("all", "mutant"),)


RUN: dict[str, Any] = {
    "network": {
        "inputs": {"x": "number"},
        "parameters": {"a": "number"},
        "equations": ["s(t) = a * s(t-1) + x(t)"],
        "start": {"s": "s0"},
        "sizes": {"s": "number"},
    },
    "loss": "sum((s(T) - d)**2) / 2",
    "values": {"x": [1, 2], "a": 0.5, "s0": 2, "d": 1},
    "places": 2,
}


def test_slips_are_made_in_one_value_and_carried_on() -> None:
    """By hand s(1) = 2, s(2) = 3, d_s(2) = 2, d_s(1) = 1, da = 2 s(1) + 1 s(0) = 6 and ds0 = 1/2."""
    # For each value that a slip may be in: by how much, from ds0, and what da is then.
    carried_on = {
        "s(1)": (lambda ds0: (4 * ds0 - 2) * 2, lambda d: (2 + d / 2) * (2 + d) + (2 + d / 2)),
        "s(2) or d_s(2)": (lambda ds0: 4 * ds0 - 2, lambda d: 3 * (2 + d)),
        "d_s(1)": (lambda ds0: 2 * ds0 - 1, lambda d: 4 + 2 * (1 + d)),
        "what goes on to the start": (lambda ds0: ds0 - 0.5, lambda d: 6),
    }
    found: dict[str, list[float]] = {name: [] for name in carried_on}
    for one in _slipped(msgspec.convert(RUN, GradientParams)):
        da, ds0 = float(one["a"]), float(np.ravel(one["s0"])[0])
        for name, (size_of, da_of) in carried_on.items():
            size = size_of(ds0)
            # Ten units of the last place at least, and one at most.
            if abs(da_of(size) - da) < 1e-9 and 0.1 - 1e-9 <= abs(size) <= 1 + 1e-9:
                found[name].append(size)
                break
        else:
            pytest.fail(f"no slip gives {da, ds0}")
    for sizes in found.values():
        assert len(sizes) > 30
        assert -1 <= min(sizes) < -0.9
        assert 0.9 < max(sizes) <= 1
        assert min(map(abs, sizes)) < 0.2


def test_work_by_hand_is_on_one_sequence() -> None:
    assert _counts(msgspec.convert(RUN, GradientParams)) == Counts(1, None, 1, False, False, 0.5)
    every = {**RUN, "loss": "mean((s - d)**2)", "values": {**RUN["values"], "d": [1, 2]}}
    assert _counts(msgspec.convert(every, GradientParams)) == Counts(1, 2, 1, True, False, 2)
