"""When an output is surely right, surely wrong, or on its threshold up to rounding."""

from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np
import pytest

from grader.networks.automaton.enclosures import Enclosure
from grader.networks.automaton.student import Reading, Student, agreement
from grader.networks.automaton.whole_numbers import Whole

HALF = Fraction(1, 2)
# About a threshold of one half: closer than a billionth to it, further, and far.
NEAR, FAR = [-1e-10, 0.0, 1e-10], [-0.25, -2e-9, 2e-9, 0.25]


def read(reading, arithmetic, only=None, off_by=Fraction(0)):
    """A network whose outputs alone are looked at."""
    return Student(None, (), reading, arithmetic, only, off_by)


def between(low, high):
    return Enclosure(np.array([[low]]), np.array([[high]]))


@pytest.mark.parametrize("wanted", [0, 1])
@pytest.mark.parametrize(
    ("low", "high"), [pair for pair in itertools.product(NEAR + FAR, repeat=2) if pair[0] <= pair[1]]
)
def test_an_output_is_on_from_its_threshold_on_and_a_billionth_about_it_counts_as_on(low, high, wanted):
    one = read((Reading("y", HALF, HALF),), Enclosure)
    found = agreement(one, {"y": between(0.5 + low, 0.5 + high)}, [(Fraction(wanted),)])
    if low >= 0:
        told = ("on",)
    elif high < 0:
        told = ("off",)
    else:
        told = ("on", "by a tie") if low in NEAR and high in NEAR else ()
    wanted_side = "on" if wanted else "off"
    assert found.right.tolist() == [told == (wanted_side,)]
    assert found.tie.tolist() == [bool(told) and told[0] == wanted_side]
    assert found.wrong.tolist() == [bool(told) and told[0] != wanted_side]


@pytest.mark.parametrize(("value", "is_on"), [("1/2", True), ("499999999999/1000000000000", False)])
def test_an_exact_output_has_no_ties(value, is_on):
    one = read((Reading("y", HALF, HALF),), Whole)
    for wanted in (0, 1):
        found = agreement(one, {"y": Whole.of((Fraction(value),))}, [(Fraction(wanted),)])
        is_right = is_on == bool(wanted)
        assert [side.tolist() for side in found] == [[is_right], [not is_right], [is_right]]


@pytest.mark.parametrize(
    ("level", "value", "is_on"), [(3, 3, True), (3, 2, False), (None, 0, True), (None, -1, False)]
)
def test_the_target_has_a_threshold_of_its_own(level, value, is_on):
    one = read((Reading("y", HALF, level and Fraction(level)),), Whole)
    found = agreement(one, {"y": Whole.of((Fraction(1),))}, [(Fraction(value),)])
    assert found.right.tolist() == [is_on]


@pytest.mark.parametrize("off_by", [0, Fraction(1, 100)])
@pytest.mark.parametrize("shift", ["0", "1/200", "-1/200", "1/100", "-1/100", "1/99", "-1/99"])
def test_a_value_may_be_off_by_so_much_on_either_side(shift, off_by):
    wanted, got = (Fraction(1), Fraction(-2)), (Fraction(1) + Fraction(shift), Fraction(-2))
    is_right = abs(Fraction(shift)) <= off_by
    found = agreement(read((Reading("y"),), Whole, off_by=off_by), {"y": Whole.of(got)}, [wanted])
    assert (found.right.tolist(), found.wrong.tolist()) == ([is_right], [not is_right])
    wide = Enclosure(np.array([[0.9, -2.0]]), np.array([[1.1, -2.0]]))
    unclear = agreement(read((Reading("y"),), Enclosure, off_by=off_by), {"y": wide}, [wanted])
    assert (unclear.right.tolist(), unclear.wrong.tolist()) == ([False], [False])
    assert unclear.tie.tolist() == [False]


def test_each_run_has_its_own_outputs_and_one_is_enough_to_be_wrong():
    """Two variables, of one and two entries; the runs in no order."""
    one = read((Reading("y"), Reading("z")), Whole)
    y = Whole(np.array([[1.0], [2.0], [3.0]]))
    z = Whole(np.array([[4.0, 5.0], [6.0, 7.0], [8.0, 9.0]]))
    right = [(1, 4, 5), (2, 6, 7), (3, 8, 9)]
    for run, entry in itertools.product(range(3), range(3)):
        wanted = [tuple(map(Fraction, row)) for row in right]
        wanted[run] = tuple(x + 1 if at == entry else x for at, x in enumerate(wanted[run]))
        found = agreement(one, {"y": y, "z": z}, wanted)
        assert found.wrong.tolist() == [other == run for other in range(3)]
        assert found.right.tolist() == [other != run for other in range(3)]
        for only in range(3):
            alone = agreement(read(one.readings, Whole, only), {"y": y, "z": z}, wanted)
            assert alone.wrong.tolist() == [other == run and only == entry for other in range(3)]
            assert alone.right.tolist() == [other != run or only != entry for other in range(3)]


def test_an_output_that_no_input_moves_is_the_same_in_all_runs():
    one = read((Reading("y"),), Whole)
    found = agreement(one, {"y": Whole.of((Fraction(1),))}, [(Fraction(1),), (Fraction(2),)])
    assert found.right.tolist() == [True, False]
