"""Data sets: honest ones never fail by chance, wrong ones are told in words."""

from __future__ import annotations

import re

import numpy as np
import pytest

from grader.kinds.generator.bounds import ALPHA, input_tests, noise_tests
from grader.kinds.generator.diagnose import known_targets
from grader.kinds.generator.examination import examine, wrapped_outputs
from grader.kinds.generator.question import Data
from grader.training.fitted_formula import fit_formula
from grader.training.task import OtherTargets, TaskParams
from reference.sequence_data import clean_targets, draw

TASK = TaskParams(
    inputs=3,
    targets=("5*x[1] - 0.2*delay(x[3], 1)", "25*delay(x[2], 1)*delay(x[3], 3)"),
    mistakes=(
        OtherTargets(
            id="coefficient-dropped",
            targets=("5*x[1] - delay(x[3], 1)", "25*delay(x[2], 1)*delay(x[3], 3)"),
            message="printed code",
        ),
    ),
)
N, T = 64, 100


def found(x, y):
    return examine(TASK, 0.1, Data(x, y))


def is_faultless(result):
    faults = (result.inputs, any(result.formulas), result.noise, result.is_shared)
    return not any(faults)


@pytest.mark.parametrize("n_seqs", [8, 64])
def test_honest_data_never_fail(n_seqs):
    rng = np.random.default_rng(20)
    for _ in range(150):
        result = found(*draw(n_seqs, T, rng))
        assert is_faultless(result)
        assert result.largest < 1


def test_the_bounds_together_fail_less_than_three_times_in_ten_million():
    x, y = draw(N, T, np.random.default_rng(0))
    chance = [t for t in input_tests(x) if t.name not in ("range", "repeats")]
    chance += [t for k in (1, 2) for t in noise_tests(y[:, 3:, 0], k)]
    assert len(chance) * ALPHA < 3e-7


def honest(rng):
    x, y = draw(N, T, rng)
    clean = clean_targets(x)
    return x, clean, (y - clean) / 0.1


def formula(lag_y1=1, coefficient=-0.2, first=5.0, product=25.0, lags=(1, 3), elements=(1, 2)):
    """Targets with something else in them, from inputs that go on before the first step."""

    def make(rng):
        long = rng.random((N, T + 8, 3))
        x = long[:, 6 : 6 + T]

        def at(i, lag):
            return long[:, 6 - lag : 6 - lag + T, i]

        y1 = first * at(0, 0) + coefficient * at(2, lag_y1)
        y2 = product * at(elements[0], lags[0]) * at(elements[1], lags[1])
        return x, np.stack([y1, y2], axis=2) + 0.1 * rng.standard_normal((N, T, 2))

    return make


WRONG_FORMULAS = {
    "y1 = 5 x1(t) - 1 x3(t-1)": formula(coefficient=-1.0),
    "y1 = 5 x1(t) + 0.2 x3(t-1)": formula(coefficient=0.2),
    "y1 = 5 x1(t)": formula(coefficient=0.0),
    "y1 = 5 x1(t) - 0.2 x3(t)": formula(lag_y1=0),
    "y1 = 5 x1(t) - 0.2 x3(t-2)": formula(lag_y1=2),
    "y1 = 5 x1(t) - 0.2 x3(t+1)": formula(lag_y1=-1),
    "y1 = 4 x1(t) - 0.2 x3(t-1)": formula(first=4.0),
    "y2 = 25 x2(t-1) x3(t-2)": formula(lags=(1, 2)),
    "y2 = 25 x2(t) x3(t-3)": formula(lags=(0, 3)),
    "y2 = 25 x2(t-2) x3(t-3)": formula(lags=(2, 3)),
    "y2 = 25 x2(t-1) x3(t-4)": formula(lags=(1, 4)),
    "y2 = 2.5 x2(t-1) x3(t-3)": formula(product=2.5),
    "y2 = 20 x2(t-1) x3(t-3)": formula(product=20.0),
    "y2 = 25 x1(t-1) x3(t-3)": formula(elements=(0, 2)),
    "y2 = 25 x3(t-1) x3(t-3)": formula(elements=(2, 2)),
    "y2 = 25 x2(t-3) x3(t-1)": formula(lags=(3, 1)),
}


@pytest.mark.parametrize("words", WRONG_FORMULAS)
def test_a_wrong_formula_is_written_out(words):
    for seed in range(3):
        result = found(*WRONG_FORMULAS[words](np.random.default_rng(seed)))
        output = int(words[1])
        told = result.formulas[output - 1]
        assert told is not None
        assert close_words(told.text(output), words)
        assert result.formulas[2 - output] is None
        assert not result.inputs


def close_words(told, wanted):
    """The same terms, with numbers that agree to two in a hundred of the largest."""

    def parts(text):
        terms = {}
        for term in re.split(r" (?=[+-] )", text.split(" = ")[1]):
            sign, size, factors = re.fullmatch(r"([+-]?) ?([\d.]*) ?(.*)", term).groups()
            terms[factors] = (-1 if sign == "-" else 1) * float(size or 1)
        return terms

    a, b = parts(told), parts(wanted)
    return a.keys() == b.keys() and all(abs(a[key] - b[key]) < 0.06 for key in a)


def ar1(rng, shape):
    noise = rng.standard_normal(shape)
    for t in range(1, shape[1]):
        noise[:, t] = 0.5 * noise[:, t - 1] + 0.75**0.5 * noise[:, t]
    return noise


NOISES = {
    "there is no noise": lambda r, s: np.zeros(s),
    "uniform between 0 and 1": lambda r, s: r.random(s),
    "uniform between -1 and 1": lambda r, s: r.uniform(-1, 1, s),
    "its variance": lambda r, s: 10**0.5 * r.standard_normal(s),
    "factor is missing": lambda r, s: 10 * r.standard_normal(s),
    "twice": lambda r, s: 0.1 * r.standard_normal(s),
    "2 times": lambda r, s: 2 * r.standard_normal(s),
    "all steps": lambda r, s: np.broadcast_to(r.standard_normal((s[0], 1, 2)), s),
    "all sequences": lambda r, s: np.broadcast_to(r.standard_normal((1, s[1], 2)), s),
    "not normally": lambda r, s: r.uniform(-(3**0.5), 3**0.5, s),
    "from zero": lambda r, s: 0.4 + r.standard_normal(s),
    "depend on one another": ar1,
    # Spreads that are near those of a known slip, of another distribution or size.
    "deviation is 0.3": lambda r, s: 0.3 * r.standard_normal(s),
    "deviation is 0.": lambda r, s: 0.6 * r.standard_normal(s),
    "deviation is 2.9": lambda r, s: 2.9 * r.standard_normal(s),
    "deviation is 0.5": lambda r, s: r.uniform(0, 2, s),
    "all steps and sequences": lambda r, s: np.full(s, 1.3),
}


@pytest.mark.parametrize("words", NOISES)
def test_a_wrong_noise_is_told(words):
    for seed in range(3):
        rng = np.random.default_rng(seed)
        x, clean, noise = honest(rng)
        result = found(x, clean + 0.1 * NOISES[words](rng, noise.shape))
        assert any(words in one for one in result.noise), result.noise
        assert not any("uniform" in one for one in result.noise) or "uniform" in words
        assert not result.is_shared
        assert not any(result.formulas)


@pytest.mark.parametrize(
    ("mean", "spread", "words"), [(0.5, 1, ["mean"]), (0, 10, ["factor"]), (0.5, 2, ["mean", "2 times"])]
)
def test_mean_and_size_of_the_noise_are_told_apart(mean, spread, words):
    x, clean, noise = honest(np.random.default_rng(10))
    told = found(x, clean + 0.1 * (mean + spread * noise) * [1, 0] + 0.1 * noise * [0, 1]).noise
    assert [any(word in one for one in told) for word in words] == [True] * len(told)


def test_the_output_is_named_where_the_other_is_right():
    x, clean, noise = honest(np.random.default_rng(8))
    result = found(x, clean + 0.1 * noise * [1, 0])
    assert result.noise == ("the noise of y2: there is no noise",)


@pytest.mark.parametrize(("axis", "words"), list(enumerate(["sequences", "at all steps", "elements"])))
def test_copied_inputs_are_told_as_such_alone(axis, words):
    rng = np.random.default_rng(9)
    shape = [N, T, 3]
    shape[axis] = 1
    x = np.broadcast_to(rng.random(shape), (N, T, 3))
    (told,) = found(x, clean_targets(x) + 0.1 * rng.standard_normal((N, T, 2))).inputs
    assert words in told
    assert "same" in told


INPUTS = {
    "range": lambda r: r.uniform(-1, 1, (N, T, 3)),
    "not uniform": lambda r: r.random((N, T, 3)) ** 2,
    "repeat": lambda r: r.random((N, T, 3)).round(2),
    "step before": lambda r: (lambda z: np.concatenate([z[:, :1], 0.5 * z[:, 1:] + 0.5 * z[:, :-1]], 1))(
        r.random((N, T, 3))
    ),
    "elements": lambda r: np.repeat(r.random((N, T, 1)), 3, axis=2) * 0.999 + 0.001 * r.random((N, T, 3)),
    "sequences": lambda r: np.repeat(r.random((1, T, 3)), N, axis=0) * 0.999 + 0.001 * r.random((N, T, 3)),
}


@pytest.mark.parametrize("words", INPUTS)
def test_wrong_inputs_are_told(words):
    rng = np.random.default_rng(5)
    x = INPUTS[words](rng)
    result = found(x, clean_targets(x) + 0.1 * rng.standard_normal((N, T, 2)))
    assert any(words in one for one in result.inputs), result.inputs


def test_the_printed_code_is_recognised():
    mistake = known_targets(TASK, 0.1, Data(*formula(coefficient=-1.0)(np.random.default_rng(0))))
    assert mistake is not None
    assert mistake.id == "coefficient-dropped"


def test_one_noise_for_both_outputs_is_a_remark():
    rng = np.random.default_rng(1)
    x, clean, noise = honest(rng)
    result = found(x, clean + 0.1 * noise[:, :, :1])
    assert result.is_shared
    assert not result.noise


def rolled(x):
    """The formulas by np.roll."""
    y1 = 5 * x[..., 0] - 0.2 * np.roll(x[..., 2], 1, 1)
    return np.stack([y1, 25 * np.roll(x[..., 1], 1, 1) * np.roll(x[..., 2], 3, 1)], 2)


BEGINNINGS = {
    "padded with zeros": lambda rng, x, clean: clean,
    "a longer past": lambda rng, x, clean: clean_targets(
        np.concatenate([rng.random((len(x), 3, 3)), x], axis=1)
    )[:, 3:],
    "zeros": lambda rng, x, clean: np.concatenate([0 * clean[:, :3], clean[:, 3:]], axis=1),
    "chance": lambda rng, x, clean: np.concatenate(
        [9 * rng.random(clean[:, :3].shape), clean[:, 3:]], axis=1
    ),
    "the fourth step's": lambda rng, x, clean: np.concatenate(
        [clean[:, 3:4].repeat(3, 1), clean[:, 3:]], axis=1
    ),
}


def wide(rng):
    x = rng.random((1000, 8, 3))
    return x, clean_targets(x), 0.1 * rng.standard_normal((1000, 8, 2))


@pytest.mark.parametrize("beginning", BEGINNINGS)
def test_beginnings_that_take_nothing_from_the_end_do_not_wrap(beginning):
    rng = np.random.default_rng(2)
    for _ in range(200):
        x, clean, noise = wide(rng)
        assert wrapped_outputs(TASK, Data(x, BEGINNINGS[beginning](rng, x, clean) + noise)) == ()


@pytest.mark.parametrize("which", [(1,), (2,), (1, 2)])
def test_outputs_that_wrap_are_named_one_by_one(which):
    rng = np.random.default_rng(3)
    for _ in range(50):
        x, clean, noise = wide(rng)
        y = clean.copy()
        for k in which:
            y[..., k - 1] = rolled(x)[..., k - 1]
        assert wrapped_outputs(TASK, Data(x, y + noise)) == which


def test_steps_that_the_other_output_cannot_have_are_not_judged():
    x, clean, noise = honest(np.random.default_rng(6))
    y = clean + 0.1 * noise
    y[:, :3] = 0
    assert is_faultless(found(x, y))


@pytest.mark.parametrize("steps", [(100,), (50,), (4, 5), (4, 6, 100)])
def test_steps_that_break_the_formula_are_told_and_no_formula(steps):
    x, clean, noise = honest(np.random.default_rng(7))
    clean[:, [step - 1 for step in steps], 0] = 0
    result = found(x, clean + 0.1 * noise)
    assert result.broken_at == (steps, ())
    assert result.outputs_wrong == (1,)
    assert not any(result.formulas)
    assert not result.noise


def test_float32_is_honest():
    x, y = draw(N, T, np.random.default_rng(3))
    result = found(np.float64(np.float32(x)), np.float64(np.float32(y)))
    assert is_faultless(result)


def test_a_clean_formula_is_exact():
    x, _ = draw(8, T, np.random.default_rng(4))
    assert fit_formula(x, clean_targets(x)[:, :, 1]).text(2) == "y2 = 25 x2(t-1) x3(t-3)"


@pytest.mark.parametrize(
    ("low", "high", "is_possible"), [(0, 1, True), (-0.001, 1, False), (0, 1.001, False)]
)
def test_inputs_lie_between_nought_and_one(low, high, is_possible):
    x = np.random.default_rng(0).random((8, 20, 2))
    x[0, 0, 0], x[-1, -1, -1] = low, high
    assert (max(test.excess for test in input_tests(x)) < 1) is is_possible


@pytest.mark.parametrize("output", [0, 1])
def test_noise_is_not_compared_where_an_output_follows_another_formula(output):
    """What is left of that output is no noise alone, though it moves with the other's."""
    x, clean, noise = honest(np.random.default_rng(1))
    y = clean + 0.1 * noise[:, :, :1]
    if output == 0:
        y[:, 1:, 0] += 0.3 * x[:, :-1, 2]
    else:
        y[:, 3:, 1] += 0.5 * x[:, 2:-1, 1] * x[:, :-3, 2]
    result = found(x, y)
    assert [one is not None for one in result.formulas] == [output == 0, output == 1]
    assert not result.is_shared
