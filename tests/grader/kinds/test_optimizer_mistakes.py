"""Adam: every accepted form passes in float32, every mistake is named as itself."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from msgspec.structs import replace

from grader.kinds.optimizer.diagnose import explain, known_moves
from grader.kinds.optimizer.judge import ignored_settings
from grader.kinds.optimizer.moves import OptimizerMoves, moves_between, moves_of, right_form
from grader.kinds.optimizer.question import N_STEPS, SHAPES, asked_steps, repeated
from grader.training.adam import RIGHT_FORMS, ArrayStep, right, with_eps
from grader.training.adam_mistakes import ADAM_MISTAKES
from reference.adam import AdamState, Rates, adam_step

# A beta without its power is the power 1 at every step: one mistake with two readings.
TWINS = {"correction-without-power", "t-always-1"}


def in_float32(moves):
    return OptimizerMoves(*(tuple(np.float64(np.float32(group)) for group in part) for part in moves))


@pytest.mark.parametrize("mistake", ADAM_MISTAKES, ids=lambda mistake: mistake.id)
def test_a_mistake_is_named_as_itself(mistake):
    for seed in range(3):
        made = dict(known_moves(seed))[mistake]
        found = {one.id for one in explain(in_float32(made), seed)}
        assert found == (TWINS if mistake.id in TWINS else {mistake.id})
        assert right_form(in_float32(made), seed) is None


@pytest.mark.parametrize("form", RIGHT_FORMS)
def test_accepted_forms_pass_and_are_told_apart(form):
    for seed in range(20):
        made = in_float32(moves_of(RIGHT_FORMS[form], asked_steps(seed)[:N_STEPS]))
        assert right_form(made, seed) == form


def test_arithmetic_in_float32_passes():
    f = np.float32
    for seed in range(20):
        ends = []
        for step in asked_steps(seed)[:N_STEPS]:
            (theta, m, v), g = (f(a) for a in step.state), f(step.g)
            m = f(0.9) * m + f(0.1) * g
            v = f(0.999) * v + f(0.001) * g * g
            m_hat, v_hat = m / f(1 - 0.9**step.t), v / f(1 - 0.999**step.t)
            theta = theta - f(0.01) * m_hat / (np.sqrt(v_hat) + f(1e-8))
            ends.append(AdamState(*(np.float64(one) for one in (theta, m, v))))
        assert right_form(moves_between(asked_steps(seed)[:N_STEPS], ends), seed) == "torch"


@pytest.mark.parametrize(("name", "value"), [("lr", 0.01), ("beta1", 0.9), ("beta2", 0.999), ("eps", 1e-8)])
def test_a_fixed_setting_is_named(name, value):
    def deaf(step):
        return right(replace(step, rates=step.rates._replace(**{name: value})))

    assert ignored_settings(moves_of(deaf, asked_steps(0)[N_STEPS:]), 0) == (name,)


def test_settings_that_are_used_are_not_blamed():
    last = asked_steps(0)[N_STEPS:]
    assert ignored_settings(moves_of(right, last), 0) == ()
    assert ignored_settings(moves_of(RIGHT_FORMS["paper"], last), 0) == ()
    assert ignored_settings(moves_of(with_eps(right, 1e-7), last), 0) == ("eps",)


def test_the_probe_has_a_zero_and_a_falling_column_and_sizes_beyond_any_clipping():
    main = [step for step in asked_steps(0) if step.shapes == SHAPES]
    g = np.abs([step.g for step in main])
    v = np.array([step.state.v for step in main if step.t > 1])
    assert (g == 0).all(axis=0).any()
    assert g[g > 0].min() < 1e-8
    assert g.max() > 1e3
    falls = (v.max(axis=0) > 1e-4) & (np.sort(g, axis=0)[len(g) // 2] < 1e-3)
    assert falls.any()


def test_the_smallest_steps_come_first_with_one_entry_an_array():
    assert [tuple(map(math.prod, step.shapes)) for step in asked_steps(0)[:3]] == [(1,) * 5] * 3
    assert asked_steps(0)[0].t == 1
    assert asked_steps(0)[0].rates == Rates()
    assert asked_steps(0)[-1].rates != Rates()


def test_numbers_of_steps_are_in_no_order_and_the_first_step_starts_at_zero():
    steps = [step.t for step in asked_steps(0)]
    assert not any(b == a + 1 for a, b in itertools.pairwise(steps))
    assert max(steps) == 100
    for step in asked_steps(0):
        if step.t == 1:
            assert not step.state.m.any()
            assert not step.state.v.any()


@pytest.mark.parametrize("seed", range(3))
def test_nothing_that_is_handed_over_holds_the_answer_to_another_step(seed):
    made = asked_steps(seed)
    twice = {again for _, again in repeated()}
    answers = [
        part for step in made for part in adam_step(step.state, step.g, step.t, step.rates) if part.any()
    ]
    handed = [
        part for i, step in enumerate(made) if i not in twice for part in (*step.state, step.g) if part.any()
    ]
    for answer in answers:
        for given in handed:
            same = answer.size == given.size and (np.abs(answer / np.where(given == 0, 1, given) - 1) < 1e-3)
            # An entry whose gradient is next to nothing hardly moves; no whole array is left where it was.
            assert not np.all(same)


def test_steps_that_are_made_twice_are_the_same():
    for first, again in repeated():
        assert first != again
        assert asked_steps(0)[first] is asked_steps(0)[again]


@pytest.mark.parametrize("lr", [0.5, 0.001])
def test_decoupled_decay_is_that_of_adamw(lr):
    """Loshchilov and Hutter: theta shrinks by 1 - lr 0.01 beside Adam's own step, by hand at t = 1:
    there m / (1 - beta1) is g and the root of v / (1 - beta2) is |g|."""
    rule = next(one.effect for one in ADAM_MISTAKES if one.id == "decoupled-decay")
    theta, g, zero = np.array([3.0, -2.0]), np.array([0.5, 4.0]), np.zeros(2)
    after = rule(ArrayStep(AdamState(theta, zero, zero), g, 1, Rates(lr, 0.9, 0.999, 0.0), 0, 1, {}))
    np.testing.assert_allclose(after.theta, theta * (1 - lr * 0.01) - lr * np.sign(g), rtol=1e-12)
