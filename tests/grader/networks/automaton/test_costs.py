"""What searches, boxes and long words are said to take, added up step by step."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from grader.networks.automaton import boxes, product
from grader.networks.automaton import decide as deciding
from grader.networks.automaton.boxes import boxes_that_hold
from grader.networks.automaton.decide import failing_word
from grader.networks.automaton.enclosures import Enclosure
from grader.networks.automaton.product import (
    CHUNK_COST,
    FLOAT_BITS,
    FLOAT_COST,
    LONG_COST,
    RUN_COST,
    TARGET_COST,
    SearchLimits,
    compare,
)
from grader.networks.automaton.student import Student
from grader.networks.automaton.target import Moves, TableTarget
from tests.grader.networks.automaton import nets

ALWAYS_ON = TableTarget([Moves((0, 0), ((Fraction(1),),) * 2)])


@pytest.fixture
def stepped(monkeypatch):
    """How many states each step was made of."""
    found, step = [], Student.step

    def counted(self, states):
        found.append(states.runs)
        return step(self, states)

    monkeypatch.setattr(Student, "step", counted)
    return found


@pytest.mark.parametrize(("arithmetic", "cost"), [(nets.Whole, 1), (Enclosure, 8)])
def test_a_step_costs_each_number_of_the_network_and_eight_for_each_equation(arithmetic, cost):
    one = nets.student(nets.PARITY, nets.BITS, arithmetic=arithmetic)
    assert one.machine.work == cost * (11 + 8 * 2)
    wide = nets.student(nets.ADDER, nets.PAIRS, arithmetic=arithmetic)
    assert wide.machine.work == cost * (6 + 9 + 3 + 3 + 1 + 8 * 2)


def test_a_network_is_as_long_as_its_longest_number():
    for value, bits in ((1, 1), (5, 3), (2**70, 71), ("1/8", 4)):
        weights = nets.PARITY | {"b": [value, 0]}
        assert nets.student(weights, nets.BITS).machine.parameter_bits == bits


@pytest.mark.parametrize("bits", [1, 70, 200])
def test_a_search_costs_its_chunks_its_runs_and_the_states_of_the_target(stepped, bits):
    """Parity with a target of two states; with long weights, an output that never changes."""
    if bits == 1:
        weights, target = nets.PARITY, nets.target("parity", nets.BITS)
    else:
        long = {"U": [[2**bits], [2**bits]], "V": [[0, 0]], "c": [0]}
        weights, target = nets.PARITY | long, ALWAYS_ON
    one = nets.student(weights, nets.BITS)
    found = compare(one, target)
    assert found.kind == "same"
    together = one.machine.parameter_bits + 1
    each = FLOAT_COST if together < FLOAT_BITS else LONG_COST * (1 + together // 64)
    n_target = 2 if bits == 1 else 1
    wanted = sum(CHUNK_COST + 2 * runs * (RUN_COST + one.machine.work * each) for runs in stepped)
    assert found.work == wanted + n_target * 2 * TARGET_COST
    assert found.states == sum(stepped) == sum(level.runs for level in found.reached)


@pytest.mark.parametrize("chunk", [1, 2, 4, 5, 4096])
def test_a_level_may_be_stepped_in_parts(monkeypatch, stepped, chunk):
    """A chain of five units comes to 2, 4, 8 and more states; the last unit goes off in the end."""
    n = 5
    weights = {
        "U": [[1], *[[0]] * (n - 1)],
        "W": [[0] * n, *([int(j == i - 1) for j in range(n)] for i in range(1, n))],
        "b": [-1] * n,
        "V": [[-int(j == n - 1) for j in range(n)]],
        "c": [0],
    }
    one = nets.student(weights, nets.BITS)
    whole = compare(one, ALWAYS_ON)
    stepped.clear()
    monkeypatch.setattr(product, "CHUNK", chunk)
    found = compare(one, ALWAYS_ON)
    rows = max(1, chunk // 2)
    assert max(stepped) <= rows
    assert (
        (found.kind, found.word, found.length)
        == (whole.kind, whole.word, whole.length)
        == ("differs", (1, 0, 0, 0, 0), 5)
    )


def test_all_states_are_met_in_parts_too(monkeypatch):
    whole = compare(nets.student(nets.ADDER, nets.PAIRS), nets.target("adder", nets.PAIRS))
    monkeypatch.setattr(product, "CHUNK", 4)
    parts = compare(nets.student(nets.ADDER, nets.PAIRS), nets.target("adder", nets.PAIRS))
    assert (parts.kind, parts.states, parts.length) == (whole.kind, whole.states, whole.length)
    assert [level.numerators.tolist() for level in parts.reached] == [
        level.numerators.tolist() for level in whole.reached
    ]


def scaled(gain):
    """Parity of sigmoid units with thresholds half way."""
    by = {name: (np.array(value, dtype=float) * gain).tolist() for name, value in nets.PARITY.items()}
    return by | {name: [(value + 0.5) * gain for value in nets.PARITY[name]] for name in "bc"}


def test_a_proof_costs_its_rounds_and_its_boxes_on_each_letter(monkeypatch, stepped):
    parity, right = nets.sigmoid_student(scaled(10), nets.BITS), nets.target("parity", nets.BITS)
    monkeypatch.setattr(boxes, "FINENESS", (4,))
    needed = boxes_that_hold(parity, right)
    cost = sum(boxes.ROUND_COST + runs * 2 * (boxes.BOX_COST + parity.machine.work) for runs in stepped)
    assert len(stepped) > 1
    assert needed
    assert boxes_that_hold(parity, right, cost) == needed
    assert boxes_that_hold(parity, right, cost - 1) is None
    # Each fineness has the same share of the work.
    monkeypatch.setattr(boxes, "FINENESS", (4, 4, 4))
    assert boxes_that_hold(parity, right, 3 * cost) == needed
    assert boxes_that_hold(parity, right, 3 * cost - 1) is None


def test_finer_boxes_are_tried_where_coarse_ones_prove_nothing(monkeypatch):
    parity, right = nets.sigmoid_student(scaled(10), nets.BITS), nets.target("parity", nets.BITS)
    tried = []
    monkeypatch.setattr(
        boxes, "_with_fineness", lambda s, t, parts, work: tried.append(parts) or (7 if parts == 8 else None)
    )
    assert boxes_that_hold(parity, right) == 7
    assert tried == [1, 4, 8]
    monkeypatch.setattr(boxes, "_with_fineness", lambda s, t, parts, work: tried.append(parts))
    assert boxes_that_hold(parity, right) is None
    assert tried[3:] == [1, 4, 8, 32]


def test_a_proof_gives_up_after_so_many_rounds(monkeypatch, stepped):
    """A unit that grows by a hundredth a step is never still, and is not doubtful for long."""
    weights = {"U": [[0], [0]], "W": [[1, 0], [0, 0]], "b": ["1/100", 0], "V": [[0, 1]], "c": [-1]}
    one = nets.student(
        weights, nets.BITS, nets.with_equations("relu", "V @ h(t) + c"), Enclosure, Fraction(0)
    )
    monkeypatch.setattr(boxes, "FINENESS", (1,))
    monkeypatch.setattr(boxes, "SPARE", 0.0)
    monkeypatch.setattr(boxes, "ROUND_COST", 0)
    never = TableTarget([Moves((0, 0), ((Fraction(-1),),) * 2)])
    assert boxes_that_hold(one, never, 10**15) is None
    assert len(stepped) == 60


def test_units_are_rounded_to_so_many_parts_of_one():
    """0.3 and 0.4 are one place in whole numbers, and two in eighths. What is far is one place."""
    states = Enclosure(np.array([[0.3], [0.4], [-2e6], [-3e6]]), np.array([[0.3], [0.4], [-2e6], [-3e6]]))
    places = {parts: boxes._pattern(states, parts) for parts in (1, 4, 8)}
    assert places[1][0] == places[1][1]
    assert places[8][0] != places[8][1]
    for found in places.values():
        assert found[2] == found[3] != found[0]
    infinite = Enclosure(np.array([[-np.inf], [1.0], [-np.inf]]), np.array([[1.0], [np.inf], [np.inf]]))
    with np.errstate(invalid="ignore"):
        low, high, _ = boxes._pattern(infinite, 1)
    assert low != high
    assert np.frombuffer(low, dtype=np.int32)[0] < 0 < np.frombuffer(high, dtype=np.int32)[0]


@pytest.mark.parametrize("long", [False, True])
def test_long_words_cost_each_number_in_each_step(monkeypatch, long):
    weights = nets.PARITY | ({"V": [[0, 0]], "c": [2**60]} if long else {"V": [[0, 0]], "c": [0]})
    one = nets.student(weights, nets.BITS)
    monkeypatch.setattr(deciding, "LONG_WORD", 20)
    n_words = len(list(deciding._long_words(2)))
    cost = n_words * one.machine.work * 20 * (LONG_COST if long else FLOAT_COST)
    for most, found in ((cost, ()), (cost - 1, None)):
        monkeypatch.setattr(deciding, "MOST_WORK", most)
        assert failing_word(one, ALWAYS_ON) == found


@pytest.mark.parametrize(("bits", "each"), [(38, FLOAT_COST), (39, FLOAT_COST), (40, LONG_COST)])
def test_numbers_of_more_than_40_bits_together_cost_as_long_ones(monkeypatch, bits, each):
    one = nets.student(nets.PARITY | {"V": [[0, 0]], "c": [2 ** (bits - 1)]}, nets.BITS)
    assert (one.machine.parameter_bits, one.machine.initial.bits) == (bits, 1)
    monkeypatch.setattr(deciding, "LONG_WORD", 20)
    cost = len(list(deciding._long_words(2))) * one.machine.work * 20 * each
    monkeypatch.setattr(deciding, "MOST_WORK", cost)
    assert failing_word(one, ALWAYS_ON) == ()
    monkeypatch.setattr(deciding, "MOST_WORK", cost - 1)
    assert failing_word(one, ALWAYS_ON) is None


def test_words_whose_numbers_grow_too_long_are_not_run_to_the_end(monkeypatch):
    """One unit doubles at every step, and adds 2: after 199 steps it is 2^200 - 2, of 200 bits."""
    weights = {"U": [[1], [0]], "W": [[2, 0], [0, 0]], "b": [1, 0], "V": [[0, 1]], "c": [0]}
    one = nets.student(weights, nets.BITS, nets.with_equations("relu", "step(V @ h(t) + c)"))
    for most, found in ((200, ()), (199, None)):
        monkeypatch.setattr(deciding, "MOST_BITS", most)
        assert failing_word(one, ALWAYS_ON) == found


@pytest.mark.parametrize("n", [1, 3])
def test_a_word_ends_with_the_step_that_fails(n):
    """An output that goes off with the n-th 1 in a row."""
    weights = {"U": [[1]], "W": [[1]], "b": [0], "V": [[-1]], "c": [n - 1]}
    one = nets.student(weights, nets.BITS, nets.with_equations("relu", "step(V @ h(t) + c)"))
    word = failing_word(one, ALWAYS_ON)
    assert word is not None
    assert sum(word) == n
    assert word[-1] == 1


def test_letters_stand_for_what_comes_in_also_where_they_are_long_words():
    """Three letters; only 5 turns the output off, and only as the last one."""
    weights = {"U": [[1]], "W": [[0]], "b": [0], "V": [[-1]], "c": [4]}
    one = nets.student(weights, [[3], [5], [4]], nets.with_equations("relu", "step(V @ h(t) + c)"))
    always = TableTarget([Moves((0, 0, 0), ((Fraction(1),),) * 3)])
    word = failing_word(one, always)
    assert word is not None
    assert word[-1] == 1
    assert 1 not in word[:-1]


@pytest.mark.parametrize("most", [1, 2, 3])
def test_a_search_meets_so_many_pairs_and_no_more(most):
    parity, right = nets.student(nets.PARITY, nets.BITS), nets.target("parity", nets.BITS)
    whole = compare(parity, right)
    found = compare(parity, right, SearchLimits(states=most))
    assert found.kind == ("same" if most >= whole.states else "open")
    assert found.states == min(most, whole.states)
    assert whole.states == 3
