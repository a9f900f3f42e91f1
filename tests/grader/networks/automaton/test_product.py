"""The product search against plain loops over all words."""

from __future__ import annotations

import itertools
import random
from fractions import Fraction

import msgspec
import pytest

from grader.networks.automaton.enclosures import Enclosure
from grader.networks.automaton.product import TARGET_COST, SearchLimits, compare
from grader.networks.automaton.student import Reading, Student
from grader.networks.automaton.target import Moves, TableTarget, reachable
from tests.grader.networks.automaton import nets

TASKS = {
    "adder": (nets.ADDER, nets.PAIRS, nets.adder_outputs, 5),
    "parity": (nets.PARITY, nets.BITS, nets.parity_outputs, 8),
    "101": (nets.DETECTOR, nets.BITS, nets.detector_outputs, 8),
}


def _changed(weights, rng):
    """The weights with one to three numbers changed."""
    copy = {
        name: [row[:] if isinstance(row, list) else row for row in value] for name, value in weights.items()
    }
    for _ in range(rng.randint(1, 3)):
        value = copy[rng.choice(list(copy))]
        row = rng.randrange(len(value))
        if isinstance(value[row], list):
            value[row][rng.randrange(len(value[row]))] = rng.choice((-2, -1, 0, 1, 2, "0.5", "-1/3"))
        else:
            value[row] += rng.choice((-1, 1, Fraction(1, 2), Fraction(-1, 2)))
    return copy


@pytest.mark.parametrize("task", TASKS)
def test_100_changed_networks_agree_with_all_words_and_every_word_is_shortest(task):
    weights, letters, outputs, most = TASKS[task]
    rng, n_wrong = random.Random(task), 0
    for _ in range(100):
        changed = _changed(weights, rng)
        found = compare(nets.student(changed, letters), nets.target(task, letters))
        expected = nets.shortest_failing(changed, outputs, letters, most)
        assert found.kind != "open"
        if found.kind == "same" or found.length > most:
            assert expected is None
            continue
        n_wrong += 1
        assert found.length == len(found.word) == expected
        word = [letters[letter] for letter in found.word]
        assert nets.run(changed, word)[-1] != outputs(word)[-1]
        assert nets.run(changed, word)[:-1] == outputs(word)[:-1]
    assert n_wrong > 20


def test_each_state_of_a_target_costs_work_once_for_each_letter():
    """The output stays off: both searches are the same, only that one target has a state more."""
    silent = nets.student(nets.PARITY | {"V": [[0, 0]], "c": [-1]}, nets.BITS)
    one = TableTarget([Moves((0, 0), ((0,), (0,)))])
    two = TableTarget([Moves((0, 1), ((0,), (0,))), Moves((1, 0), ((0,), (0,)))])
    alone, along = compare(silent, one), compare(silent, two)
    assert (alone.kind, along.kind, alone.states) == ("same", "same", along.states)
    assert along.work - alone.work == len(nets.BITS) * TARGET_COST


@pytest.mark.parametrize("task", TASKS)
def test_the_right_network_is_the_same_on_all_words_within_the_bound(task):
    weights, letters, _, _ = TASKS[task]
    target = nets.target(task, letters)
    found = compare(nets.student(weights, letters), target)
    assert found.kind == "same"
    assert found.states <= reachable(target, len(letters), 100) * 2 ** len(weights["b"])


def test_a_network_that_goes_wrong_after_40_steps_only_is_found_out():
    """A chain of 40 units that pass one bit on, and an output that shows the last."""
    n = 40
    weights = {
        "U": [[0]] * n,
        "W": [[0] * n, *([int(j == i - 1) for j in range(n)] for i in range(1, n))],
        "b": [0, *[-1] * (n - 1)],
        "V": [[int(j == n - 1) for j in range(n)]],
        "c": [-1],
    }
    silent = TableTarget([Moves((0, 0), ((Fraction(0),),) * 2)])
    found = compare(nets.student(weights, nets.BITS), silent)
    assert (found.kind, found.length) == ("differs", n)


@pytest.mark.parametrize(
    ("hidden", "weights"),
    [
        ("relu", {"U": [[1], [1]], "W": [[1, -2], [1, -2]], "b": [0, -1], "V": [[1, -2]], "c": [0]}),
        ("relu", {"U": [["1/3"], [2]], "W": [[1, "-1/3"], [6, -2]], "b": [0, -2], "V": [[3, -1]], "c": [0]}),
    ],
)
def test_parity_with_relu_units_has_finitely_many_states(hidden, weights):
    net = nets.with_equations(hidden, "V @ h(t) + c")
    found = compare(nets.student(weights, nets.BITS, net), nets.target("parity", nets.BITS))
    assert found.kind == "same"


def test_a_sum_at_zero_is_on_exactly_and_not_as_floats_have_it():
    """0.1 + 0.2 - 0.3 is 6e-17 in floats, 0.3 - 0.2 - 0.1 is -3e-17; as written both are 0."""
    always_on = TableTarget([Moves((0,), ((Fraction(1),),))])
    for U, b in ((["0.1", "0.2"], "-0.3"), (["0.3", "-0.2"], "-0.1")):
        weights = {"U": [U], "W": [[0]], "b": [b], "V": [[1]], "c": [-1]}
        assert compare(nets.student(weights, [[1, 1]]), always_on).kind == "same"


def test_states_without_end_are_told_with_the_length_up_to_which_all_words_are_right():
    """h counts the steps in thirds: no two words lead to one state."""
    weights = {"U": [[1], [0]], "W": [[3, 0], [0, 0]], "b": [0, 0], "V": [[0, 1]], "c": [0]}
    net = nets.with_equations("relu", "V @ h(t) + c")
    zero = TableTarget([Moves((0, 0), ((Fraction(0),),) * 2)])
    found = compare(nets.student(weights, nets.BITS, net), zero, SearchLimits(states=1000))
    assert found.kind == "open"
    # 1 + 2 + ... + 2^9 states are fewer than 1000, one level more is not.
    assert found.length == 9
    assert found.states == 1000


@pytest.mark.parametrize("bits", [200, 2000])
def test_long_numbers_end_in_bounded_work(bits):
    weights = {
        "U": [[str(2**bits + i)] for i in range(8)],
        "W": [[str(3**i * 7 ** (bits // 9)) for i in range(8)]] * 8,
        "b": [0] * 8,
        "V": [[0] * 8],
        "c": [0],
    }
    net = nets.with_equations("relu", "V @ h(t) + c")
    zero = TableTarget([Moves((0, 0), ((Fraction(0),),) * 2)])
    search = SearchLimits(work=50_000_000)
    found = compare(nets.student(weights, nets.BITS, net), zero, search)
    assert found.kind == "open"


def test_a_tie_of_a_sigmoid_output_counts_as_on():
    weights = {"U": [[1], [1]], "W": [[0, 0], [0, 0]], "b": [0, 0], "V": [[1, -1]], "c": [0]}
    one = nets.sigmoid_student(weights, nets.BITS)
    always_on = TableTarget([Moves((0, 0), ((Fraction(1),),) * 2)])
    found = compare(one, always_on)
    assert found.kind == "same"
    assert found.has_ties


def test_two_outputs_are_both_read():
    weights = {"U": [[1]], "W": [[0]], "b": [-1], "V": [[1], [-1]], "c": [-1, 0]}
    table = TableTarget([Moves((0, 0), ((Fraction(0), Fraction(1)), (Fraction(1), Fraction(0))))])
    assert compare(nets.student(weights, nets.BITS), table).kind == "same"
    swapped = TableTarget([Moves((0, 0), ((Fraction(1), Fraction(0)), (Fraction(1), Fraction(0))))])
    assert compare(nets.student(weights, nets.BITS), swapped).word == (0,)


def test_an_output_that_counts_alone_may_stand_beside_any_other():
    weights = {"U": [[1]], "W": [[0]], "b": [-1], "V": [[1], [-1]], "c": [-1, 0]}
    net = nets.student(weights, nets.BITS)
    for first, second in itertools.product((0, 1), repeat=2):
        table = TableTarget(
            [Moves((0, 0), ((Fraction(0), Fraction(first)), (Fraction(1), Fraction(second))))]
        )
        kinds = [compare(msgspec.structs.replace(net, only=only), table).kind for only in (0, 1, None)]
        both = "same" if (first, second) == (1, 0) else "differs"
        assert kinds == ["same", both, both]


def test_outputs_of_two_variables_stand_one_behind_the_other():
    net = nets.with_equations()
    one = nets.student(nets.PARITY, nets.BITS, net)
    both = Student(one.machine, one.letters, (Reading("h"), Reading("y")), one.arithmetic)
    zero, half, on = (tuple(map(Fraction, row)) for row in ((0, 0, 0), (1, 0, 1), (1, 1, 0)))
    table = TableTarget([Moves((0, 1), (zero, half)), Moves((1, 0), (half, on))])
    assert compare(both, table).kind == "same"


def test_a_tie_at_the_first_step_alone_is_told():
    """Both units are alike until the first one hears of itself; then the output is well above zero."""
    weights = {"U": [[1], [1]], "W": [[1000, 0], [0, 0]], "b": [0, 0], "V": [[1, -1]], "c": [0]}
    always_on = TableTarget([Moves((0, 0), ((Fraction(1),),) * 2)])
    found = compare(nets.sigmoid_student(weights, nets.BITS), always_on)
    assert found.kind == "same"
    assert found.length > 1
    assert found.has_ties


def test_an_output_that_is_no_longer_known_proves_nothing():
    """0.1 - 0.1 is zero in truth, and 1e-17 or less as floats have it: four times as much at every step."""
    weights = {"U": [["0.1"]], "W": [[4]], "b": ["-0.1"], "V": [[1]], "c": [0]}
    net = nets.with_equations("tanh", "sigmoid(V @ h(t) + c)")
    always_on = TableTarget([Moves((0,), ((Fraction(1),),))])
    found = compare(nets.student(weights, [[1]], net, Enclosure, nets.HALF), always_on)
    # At 1e-9 it is nearly as large as to be no tie any more: 4^13 times 1e-17.
    assert found.kind == "open"
    assert 10 < found.length < 20


def _work(bits):
    """Of a step whose longest number has so many bits, beside a state of one bit."""
    weights = {"U": [[0]], "W": [[0]], "b": [2 ** (bits - 1)], "V": [[1]], "c": [-1]}
    always_on = TableTarget([Moves((0, 0), ((Fraction(1),),) * 2)])
    one = nets.student(weights, nets.BITS)
    assert one.machine.parameter_bits + one.machine.initial.bits == bits + 1
    return compare(one, always_on).work


def test_numbers_of_40_bits_together_and_more_cost_as_long_ones():
    assert _work(20) == _work(38) < _work(39) == _work(40)


def test_longer_numbers_cost_more_word_by_word():
    """Of 64 bits each."""
    costs = [_work(64 * words) for words in (2, 3, 4, 40)]
    assert costs[1] - costs[0] == costs[2] - costs[1] > 0
    assert costs[3] - costs[0] == 38 * (costs[1] - costs[0])


@pytest.mark.parametrize(("bits", "kind"), [(4096, "same"), (4097, "open")])
def test_states_of_up_to_4096_bits_are_followed(bits, kind):
    weights = {"U": [[0]], "W": [[0]], "b": [2 ** (bits - 1)], "V": [[0]], "c": [0]}
    net = nets.with_equations("relu", "V @ h(t) + c")
    zero = TableTarget([Moves((0, 0), ((Fraction(0),),) * 2)])
    assert compare(nets.student(weights, nets.BITS, net), zero).kind == kind


def test_work_is_done_up_to_the_limit_and_no_further():
    parity, right = nets.student(nets.PARITY, nets.BITS), nets.target("parity", nets.BITS)
    needed = compare(parity, right).work
    kinds = [compare(parity, right, SearchLimits(work=work)).kind for work in (needed, needed - 1)]
    assert kinds == ["same", "open"]
