"""Adam: every accepted form passes in float32, every mistake is named as itself."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from grader.kinds.optimizer.match import (
    N_STEPS,
    SHAPES,
    Moves,
    bank_moves,
    explain,
    ignored_settings,
    moments,
    moves_between,
    moves_of,
    repeated,
    right_form,
)
from grader.training.optimizer_bank import BANK, RIGHT_FORMS, Step, right, with_eps
from reference.adam import AdamState, Rates, adam_step

# A beta without its power is the power 1 at every step: one mistake with two readings.
TWINS = {"correction-without-power", "t-always-1"}


def in_float32(moves):
    return Moves(*(tuple(np.float64(np.float32(group)) for group in part) for part in moves))


@pytest.mark.parametrize("slip", BANK, ids=lambda slip: slip.id)
def test_a_mistake_is_named_as_itself(slip):
    for seed in range(3):
        made = {one.id: moves for one, moves in bank_moves(seed)}[slip.id]
        found = {one.id for one in explain(in_float32(made), seed)}
        assert found == (TWINS if slip.id in TWINS else {slip.id})
        assert right_form(in_float32(made), seed) is None


@pytest.mark.parametrize("form", RIGHT_FORMS)
def test_accepted_forms_pass_and_are_told_apart(form):
    for seed in range(20):
        made = in_float32(moves_of(RIGHT_FORMS[form], moments(seed)[:N_STEPS]))
        assert right_form(made, seed) == form


def test_arithmetic_in_float32_passes():
    f = np.float32
    for seed in range(20):
        ends = []
        for moment in moments(seed)[:N_STEPS]:
            (theta, m, v), g = (f(a) for a in moment.state), f(moment.g)
            m = f(0.9) * m + f(0.1) * g
            v = f(0.999) * v + f(0.001) * g * g
            m_hat, v_hat = m / f(1 - 0.9**moment.t), v / f(1 - 0.999**moment.t)
            theta = theta - f(0.01) * m_hat / (np.sqrt(v_hat) + f(1e-8))
            ends.append(AdamState(*(np.float64(one) for one in (theta, m, v))))
        assert right_form(moves_between(moments(seed)[:N_STEPS], ends), seed) == "torch"


@pytest.mark.parametrize(("name", "value"), [("lr", 0.01), ("beta1", 0.9), ("beta2", 0.999), ("eps", 1e-8)])
def test_a_fixed_setting_is_named(name, value):
    def deaf(step):
        return right(type(step)(step.state, step.g, step.t, step.rates._replace(**{name: value})))

    assert ignored_settings(moves_of(deaf, moments(0)[N_STEPS:]), 0) == (name,)


def test_settings_that_are_used_are_not_blamed():
    last = moments(0)[N_STEPS:]
    assert ignored_settings(moves_of(right, last), 0) == ()
    assert ignored_settings(moves_of(RIGHT_FORMS["paper"], last), 0) == ()
    assert ignored_settings(moves_of(with_eps(right, 1e-7), last), 0) == ("eps",)


def test_the_probe_has_a_zero_and_a_falling_column_and_sizes_beyond_any_clipping():
    main = [moment for moment in moments(0) if moment.shapes == SHAPES]
    g = np.abs([moment.g for moment in main])
    v = np.array([moment.state.v for moment in main if moment.t > 1])
    assert (g == 0).all(axis=0).any()
    assert g[g > 0].min() < 1e-8
    assert g.max() > 1e3
    falls = (v.max(axis=0) > 1e-4) & (np.sort(g, axis=0)[len(g) // 2] < 1e-3)
    assert falls.any()


def test_the_smallest_steps_come_first_with_one_entry_an_array():
    assert [moment.sizes for moment in moments(0)[:3]] == [(1,) * 5] * 3
    assert moments(0)[0].t == 1
    assert moments(0)[0].rates == Rates()
    assert moments(0)[-1].rates != Rates()


def test_numbers_of_steps_are_in_no_order_and_the_first_step_starts_at_zero():
    steps = [moment.t for moment in moments(0)]
    assert not any(b == a + 1 for a, b in itertools.pairwise(steps))
    assert max(steps) == 100
    for moment in moments(0):
        if moment.t == 1:
            assert not moment.state.m.any()
            assert not moment.state.v.any()


@pytest.mark.parametrize("seed", range(3))
def test_nothing_that_is_handed_over_holds_the_answer_to_another_step(seed):
    made = moments(seed)
    twice = {again for _, again in repeated()}
    answers = [
        part
        for moment in made
        for part in adam_step(moment.state, moment.g, moment.t, moment.rates)
        if part.any()
    ]
    handed = [
        part
        for i, moment in enumerate(made)
        if i not in twice
        for part in (*moment.state, moment.g)
        if part.any()
    ]
    for answer in answers:
        for given in handed:
            same = answer.size == given.size and (np.abs(answer / np.where(given == 0, 1, given) - 1) < 1e-3)
            # An entry whose gradient is next to nothing hardly moves; no whole array is left where it was.
            assert not np.all(same)


def test_steps_that_are_made_twice_are_the_same():
    for first, again in repeated():
        assert first != again
        assert moments(0)[first] is moments(0)[again]


@pytest.mark.parametrize("lr", [0.5, 0.001])
def test_decoupled_decay_is_that_of_adamw(lr):
    """Loshchilov and Hutter: theta shrinks by 1 - lr 0.01 beside Adam's own step, by hand at t = 1:
    there m / (1 - beta1) is g and the root of v / (1 - beta2) is |g|."""
    rule = next(slip.rule for slip in BANK if slip.id == "decoupled-decay")
    theta, g, zero = np.array([3.0, -2.0]), np.array([0.5, 4.0]), np.zeros(2)
    after = rule(Step(AdamState(theta, zero, zero), g, 1, Rates(lr, 0.9, 0.999, 0.0), 0, 1, {}))
    np.testing.assert_allclose(after.theta, theta * (1 - lr * 0.01) - lr * np.sign(g), rtol=1e-12)
