"""Adam: every accepted form passes in float32, every mistake is named as itself."""

from __future__ import annotations

import numpy as np
import pytest

from grader.training.optimizer_bank import BANK, RIGHT_FORMS, right, with_eps
from grader.training.optimizer_match import (
    N_STEPS,
    Moves,
    bank_moves,
    explain,
    ignored_settings,
    moments,
    moves_of,
    right_form,
)
from reference.adam import Rates

# A beta without its power is the power 1 at every step: one mistake with two readings.
TWINS = {"correction-without-power", "t-always-1"}


def in_float32(moves):
    return Moves(*(np.float64(np.float32(one)) for one in moves))


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
        after = []
        for moment in moments(seed)[:N_STEPS]:
            (theta, m, v), g = (f(a) for a in moment.state), f(moment.g)
            m = f(0.9) * m + f(0.1) * g
            v = f(0.999) * v + f(0.001) * g * g
            m_hat, v_hat = m / f(1 - 0.9**moment.t), v / f(1 - 0.999**moment.t)
            theta = theta - f(0.01) * m_hat / (np.sqrt(v_hat) + f(1e-8))
            after.append((np.float64(theta) - moment.state.theta, np.float64(m), np.float64(v)))
        moves = Moves(*(np.array(one) for one in zip(*after, strict=True)))
        assert right_form(moves, seed) == "torch"


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


def test_the_probe_has_a_zero_and_a_falling_column():
    g = np.array([moment.g for moment in moments(0)[:N_STEPS]])
    assert (g == 0).all(axis=0).any()
    assert np.abs(g[g != 0]).min() < 1e-8
    assert np.abs(g).max() > 30
    assert moments(0)[0].rates == Rates()
