"""Steps of an optimiser and what training functions return: which are made, read and told from others."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from grader.answers.arrays import from_numpy
from grader.errors import Unreadable
from grader.kinds.optimizer.diagnose import explain, known_moves
from grader.kinds.optimizer.judge import ignored_settings
from grader.kinds.optimizer.moves import (
    OptimizerMoves,
    entries_alike,
    moves_between,
    moves_of,
    moves_of_forms,
    parts_alike,
    read_end,
    right_form,
)
from grader.kinds.optimizer.question import (
    N_STEPS,
    OTHER_RATES,
    RATES,
    asked_steps,
    handed,
    repeated,
    split,
)
from grader.kinds.trajectory.fitting import read_trained
from grader.model.value import Fields, Flag, Items, Nothing, Number, Text
from grader.training.adam import RIGHT_FORMS
from reference.adam import AdamState, Rates
from reference.bptt import Parameters

SHAPES = ((3, 2), (2, 2), (2, 1), (2,), (1,))
NAMES = ("U", "W", "V", "b", "c")
ALL = asked_steps(4)
SMALL, USUAL, AGAIN, OTHER = ALL[:3], ALL[3:15], ALL[15:17], ALL[17]


def refusal(read, *arguments):
    with pytest.raises(Unreadable) as error:
        read(*arguments)
    return error.value


def adam(step, rates=None):
    """Adam in plain loops, by Kingma and Ba's algorithm 1."""
    r = rates or step.rates
    theta, m, v = [], [], []
    for p, a, b, g in zip(*step.state, step.g, strict=True):
        a, b = r.beta1 * a + (1 - r.beta1) * g, r.beta2 * b + (1 - r.beta2) * g * g
        a_hat, b_hat = a / (1 - r.beta1**step.t), b / (1 - r.beta2**step.t)
        theta.append(p - r.lr * a_hat / (b_hat**0.5 + r.eps))
        m.append(a)
        v.append(b)
    return AdamState(*map(np.array, (theta, m, v)))


# The steps that are made.


def test_steps_are_made_in_no_order_small_ones_first_and_two_twice():
    assert [one.t for one in ALL] == [1, 3, 2, 7, 1, 3, 12, 2, 9, 100, 5, 1, 11, 4, 6, 3, 7, 15]
    assert AGAIN[0] is USUAL[2]
    assert AGAIN[1] is USUAL[0]
    assert repeated() == ((5, 15), (3, 16))
    assert {one.rates for one in ALL[:-1]} == {Rates()}
    assert OTHER.rates == Rates(0.003, 0.8, 0.99, 1e-6)
    assert {one.shapes for one in SMALL} == {((1, 1), (1, 1), (1, 1), (1,), (1,))}
    assert {one.shapes for one in ALL[3:]} == {SHAPES}
    assert [[math.prod(shape) for shape in one.shapes] for one in (SMALL[0], USUAL[0])] == [
        [1, 1, 1, 1, 1],
        [6, 4, 2, 2, 1],
    ]
    assert N_STEPS == 17
    assert not np.array_equal(asked_steps(5)[0].g, ALL[0].g)


@pytest.mark.parametrize("seed", range(5))
def test_small_steps_are_in_numbers_of_one_digit(seed):
    for step in asked_steps(seed)[:3]:
        for values in (step.state.theta, step.g):
            tenths = np.abs(values) * 10
            assert np.allclose(tenths, np.rint(tenths))
            assert ((tenths > 1.5) & (tenths < 9.5)).all()
        if step.t == 1:
            assert not step.state.m.any()
            assert not step.state.v.any()
        else:
            assert np.allclose(step.state.m, np.round(step.state.m, 2))
            assert ((np.abs(step.state.m) > 0.015) & (np.abs(step.state.m) < 0.095)).all()
            assert ((step.state.v > 0.0015) & (step.state.v < 0.0095)).all()
    signs = np.sign([step.g for seed in range(5) for step in asked_steps(seed)[:3]])
    assert {-1, 1} == set(signs.ravel())


@pytest.mark.parametrize("seed", range(4))
def test_steps_start_from_what_gradients_of_their_size_leave(seed):
    made = [one for one in asked_steps(seed)[3:] if one.t > 1]
    sizes = np.array([np.abs(one.g) for one in made]).max(axis=0)
    for step in made:
        r, (theta, m, v) = step.rates, step.state
        assert ((np.abs(theta) >= 0.3) & (np.abs(theta) <= 0.9)).all()
        # Averages of t - 1 gradients of one size s: |m| is 0.2 s to 1.2 s, v is half to 1.5 of s^2.
        m_size = np.abs(m) / (1 - r.beta1 ** (step.t - 1))
        v_size = np.sqrt(v / (1 - r.beta2 ** (step.t - 1)))
        zero = v == 0
        assert zero.sum() == 1
        assert not m[zero].any()
        assert not step.g[zero].any()
        ratio = m_size[~zero] / v_size[~zero]
        assert ((ratio > 0.2 / 1.5**0.5 - 1e-9) & (ratio < 1.2 / 0.5**0.5 + 1e-9)).all()
        fall = np.abs(step.g[~zero]) / v_size[~zero]
        assert (fall < 1e-3).sum() == 1
        assert fall.min() == pytest.approx(1e-4, rel=1.2)
        assert fall[fall > 1e-3].min() > 0.5 / 1.5**0.5 - 1e-9
        assert fall.max() < 1.5 / 0.5**0.5 + 1e-9
    largest, smallest = sizes.max(), sizes[sizes > 0].min()
    assert 0.5e4 < largest < 1.5e4
    assert 0.5e-9 < smallest < 1.6e-9


def test_the_first_step_starts_from_nothing():
    for step in ALL:
        if step.t == 1:
            assert not step.state.m.any()
            assert not step.state.v.any()
            # and no gradient falls below those before it
            assert step.shapes != SHAPES or (np.sort(np.abs(step.g))[1] < 2e-9 and np.sum(step.g == 0) == 1)


# Adam, and what is alike.


def test_the_right_moves_are_those_of_plain_loops():
    found = moves_of_forms(4)["torch"]
    wanted = [adam(step) for step in ALL[:-1]]
    for group, rows in ((0, range(3)), (1, range(3, 17))):
        assert np.allclose(
            found.change[group], [wanted[i].theta - ALL[i].state.theta for i in rows], rtol=1e-9, atol=1e-15
        )
        assert np.allclose(found.m[group], [wanted[i].m for i in rows], rtol=1e-9)
        assert np.allclose(found.v[group], [wanted[i].v for i in rows], rtol=1e-9)
    assert right_form(found, 4) is not None
    assert right_form(OptimizerMoves(tuple(-one for one in found.change), found.m, found.v), 4) is None
    assert explain(found, 4) == ()


def test_each_known_mistake_is_explained_by_itself():
    for mistake, made in known_moves(4):
        assert mistake in explain(made, 4)


@pytest.mark.parametrize("ignored", [c for n in range(5) for c in itertools.combinations(Rates._fields, n)])
def test_settings_that_are_not_taken_are_found(ignored):
    rates = OTHER_RATES._replace(**{name: getattr(RATES, name) for name in ignored})
    got = moves_between((OTHER,), (adam(OTHER, rates),))
    assert ignored_settings(got, 4) == ignored


def test_settings_of_something_else_are_not_found():
    got = moves_between((OTHER,), (adam(OTHER, Rates(0.5, 0.5, 0.5, 0.5)),))
    assert ignored_settings(got, 4) is None


def lone(value):
    return (np.array([[value]]),)


@pytest.mark.parametrize(
    ("got", "made", "alike"),
    [
        (1.0, 1.0, (True, True, True)),
        (1 + 0.9e-4, 1.0, (True, True, True)),
        (1 + 1.1e-4, 1.0, (False, False, False)),
        (1 - 1.1e-4, 1.0, (False, False, False)),
        (0.9e-7, 0.0, (True, False, False)),
        (1.1e-7, 0.0, (False, False, False)),
        (np.nan, 1.0, (False, False, False)),
        (1.0, np.nan, (False, False, False)),
        (np.nan, np.inf, (True, True, True)),
        (-1.0, 1.0, (False, False, False)),
    ],
)
def test_steps_are_alike_within_what_float32_loses(got, made, alike):
    assert parts_alike(OptimizerMoves(*(lone(got),) * 3), OptimizerMoves(*(lone(made),) * 3)) == alike


def test_each_entry_is_held_against_the_largest_of_its_column():
    made = OptimizerMoves(*((np.array([[1e4, 1.0], [1.0, 1.0]]),),) * 3)
    off = np.array([[0.0, 0.0], [0.5, 0.5]])
    got = OptimizerMoves(*(tuple(one + off for one in part) for part in made))
    assert entries_alike(got, made)[1][0].tolist() == [[True, True], [True, False]]
    assert parts_alike(got, made) == (False, False, False)
    mixed = OptimizerMoves(made.change, got.m, made.v)
    assert parts_alike(mixed, made) == (True, False, True)


def test_a_flat_array_is_cut_in_the_order_of_its_shapes():
    parts = split(np.arange(15.0), SHAPES)
    assert [part.shape for part in parts] == list(SHAPES)
    assert [part.ravel()[0] for part in parts] == [0, 6, 10, 12, 14]


# What a step returned.

STEP = USUAL[0]
END = adam(STEP)


def call(returned, form="dict", after=None):
    """What came back, and the arguments after the call: unchanged if nothing is said."""
    params, m, v = (handed(flat, form, SHAPES) for flat in (after or STEP.state))
    return Items((returned, params, handed(STEP.g, form, SHAPES), m, v, Number("7", "int")))


def state(form):
    return tuple(handed(flat, form, SHAPES) for flat in END)


@pytest.mark.parametrize("form", ["dict", "list", "array"])
def test_a_state_is_read_as_a_tuple_by_name_in_place_and_as_weights_alone(form):
    params, m, v = state(form)
    ways = [
        (Items((params, m, v)), None, False),
        (Items((params, m, v, Number("7", "int"))), None, False),
        (Fields({"params": params, "m": m, "v": v}), None, False),
        (Nothing(), END, True),
        (params, AdamState(STEP.state.theta, END.m, END.v), False),
    ]
    for returned, after, is_in_place in ways:
        found = read_end(call(returned, form, after), STEP, form, "step")
        assert found.is_in_place is is_in_place
        assert all(np.array_equal(*pair) for pair in zip(found.state, END, strict=True))


@pytest.mark.parametrize("changed", range(3))
def test_one_change_in_place_is_enough(changed):
    after = AdamState(*(END[i] if i == changed else STEP.state[i] for i in range(3)))
    assert read_end(call(Nothing(), "dict", after), STEP, "dict", "step").is_in_place


def without(value, name):
    return Fields({key: array for key, array in value.fields.items() if key != name})


@pytest.mark.parametrize(
    ("returned", "form", "code"),
    [
        (Nothing(), "dict", "no-effect"),
        (Flag(True), "dict", "not-a-state"),
        (Items(state("dict")[:2]), "dict", "not-a-state"),
        (Items((without(state("dict")[0], "c"), *state("dict")[1:])), "dict", "not-a-state"),
        (without(state("dict")[0], "U"), "dict", "not-a-state"),
        (Fields({"params": state("dict")[0], "m": state("dict")[1]}), "dict", "not-a-state"),
        (Items(state("list")), "dict", "not-a-state"),
        (Items(state("dict")), "list", "not-a-state"),
        (Items(state("list")), "array", "not-a-state"),
        (from_numpy(END.theta[:-1]), "array", "not-a-state"),
        (from_numpy(END.theta[:, None]), "array", "not-a-state"),
        (Items(state("list")[0].items[:4]), "list", "not-a-state"),
        (
            Fields({"params": without(state("dict")[0], "b"), "m": state("dict")[1], "v": state("dict")[2]}),
            "dict",
            "missing-weight",
        ),
        (
            Fields({"params": from_numpy(END.theta[:-1]), "m": from_numpy(END.m), "v": from_numpy(END.v)}),
            "array",
            "shape",
        ),
        (
            Items((Fields({**state("dict")[0].fields, "c": from_numpy(np.ones(2))}), *state("dict")[1:])),
            "dict",
            "shape",
        ),
    ],
)
def test_what_is_no_state_is_refused_for_its_reason(returned, form, code):
    assert refusal(read_end, call(returned, form), STEP, form, "step").code == code


@pytest.mark.parametrize(
    ("returned", "lost"),
    [
        (Items((without(state("dict")[0], "c"), *state("dict")[1:])), "no c"),
        (
            Items((without(state("dict")[0], "W"), without(state("dict")[1], "b"), state("dict")[2])),
            "no W, b",
        ),
        (without(state("dict")[0], "U"), "no U"),
        (Fields({"z": Flag(True)}), "it returns a dict"),
    ],
)
def test_arrays_that_got_lost_are_named(returned, lost):
    assert lost in refusal(read_end, call(returned), STEP, "dict", "step").message


# What a training returned.

X, Y = np.ones((2, 3, 1)), np.zeros((2, 3, 1))
START = Parameters(np.ones((1, 4)), np.ones((4, 4)), np.ones((4, 1)), np.zeros(4), np.zeros(1))
TRAINED = Parameters(*(array + 1 for array in START))
LOSSES = from_numpy(np.array([3.0, 2.0]))


def by_name(params):
    return Fields({name: from_numpy(array) for name, array in params._asdict().items()})


def in_order(params):
    return Items(tuple(map(from_numpy, params)))


def trained(returned, after=START, x=X, y=Y):
    value = Items((returned, from_numpy(x), from_numpy(y), by_name(after), Number("1", "int")))
    return read_trained(value, X, Y, START, "train")


NUMBERS = Items((Number("3.0", "float"), Number("2.0", "float")))


@pytest.mark.parametrize(
    "losses", [LOSSES, NUMBERS, from_numpy([[3.0], [2.0]]), Items((from_numpy(3.0), from_numpy(2.0)))]
)
@pytest.mark.parametrize("weights", [by_name(TRAINED), in_order(TRAINED)])
def test_weights_and_losses_are_read_in_either_order_and_by_name(losses, weights):
    for returned in (
        Items((weights, losses)),
        Items((losses, weights)),
        Items((weights, losses, Flag(True))),
        Items((losses, weights, Flag(True))),
        Fields({"params": weights, "losses": losses}),
        Fields({"weights": weights, "history": losses, "z": Flag(True)}),
        Fields({"parameters": weights, "cost": losses}),
        Fields({"params": weights, "loss": losses}),
    ):
        found = trained(returned)
        assert found.losses.tolist() == [3.0, 2.0]
        assert all(np.array_equal(*pair) for pair in zip(found.params, TRAINED, strict=True))
        assert found.changed == ()


@pytest.mark.parametrize("returned", [LOSSES, NUMBERS, Fields({"losses": LOSSES})])
def test_losses_alone_are_read_with_weights_that_were_changed_in_place(returned):
    assert trained(returned).params is None
    assert all(np.array_equal(*pair) for pair in zip(trained(returned, TRAINED).params, TRAINED, strict=True))
    one = START._replace(c=START.c + 1)
    assert trained(returned, one).params.c.tolist() == [1.0]


@pytest.mark.parametrize("as_arrays", [(), (0,), (4,), (0, 1, 2, 3), (0, 1, 2, 3, 4)])
def test_five_losses_are_no_weights(as_arrays):
    """Five numbers in a list are as many as the arrays of a network."""
    texts = ("5.0", "4.0", "3.0", "2.0", "1.0")
    items = [
        from_numpy(float(text)) if i in as_arrays else Number(text, "float") for i, text in enumerate(texts)
    ]
    losses = Items(tuple(items))
    for returned in (losses, Items((losses, in_order(TRAINED)))):
        assert trained(returned, TRAINED).losses.tolist() == [5, 4, 3, 2, 1]


def test_weights_that_came_back_unchanged_are_weights():
    assert trained(Items((by_name(START), LOSSES))).params is not None


@pytest.mark.parametrize(
    ("returned", "code"),
    [
        (Nothing(), "returns-none"),
        (Flag(True), "not-a-training"),
        (by_name(TRAINED), "not-a-training"),
        (in_order(TRAINED), "not-a-training"),
        (Items((by_name(TRAINED), Flag(True))), "not-a-training"),
        (Items((by_name(TRAINED), by_name(TRAINED))), "not-a-training"),
        (from_numpy(np.ones((2, 2))), "not-a-training"),
        (Fields({"params": by_name(TRAINED)}), "not-a-training"),
        (Items((Text("a"), Text("b"))), "not-a-training"),
        (Items((without(by_name(TRAINED), "c"), LOSSES)), "not-a-training"),
        (Items((by_name(TRAINED._replace(U=np.ones((4, 1)))), LOSSES)), "shape"),
        (Items((by_name(TRAINED._replace(b=np.ones((4, 1)))), LOSSES)), "shape"),
    ],
)
def test_what_is_no_training_is_refused_for_its_reason(returned, code):
    assert refusal(trained, returned).code == code


def test_a_bias_as_a_row_is_that_bias():
    found = trained(
        Items((by_name(TRAINED._replace(b=np.full((1, 4), 7.0), c=np.full((1, 1), 8.0))), LOSSES))
    )
    assert (found.params.b.tolist(), found.params.c.tolist()) == ([7.0] * 4, [8.0])


@pytest.mark.parametrize(
    ("x", "y", "changed"), [(X, Y, ()), (X + 1, Y, ("x",)), (X, Y + 1, ("y",)), (X + 1, Y + 1, ("x", "y"))]
)
def test_data_that_the_function_changed_are_named(x, y, changed):
    assert trained(Items((by_name(TRAINED), LOSSES)), x=x, y=y).changed == changed


def test_the_moments_of_all_arrays_stand_in_one_row():
    assert moves_of(RIGHT_FORMS["torch"], (OTHER,)).m[0].shape == (1, 15)
