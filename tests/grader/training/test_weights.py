"""Weights: read in every layout, scored together as one by one, in bands that come from a study."""

from __future__ import annotations

import numpy as np
import pytest

from grader.answers.arrays import from_numpy
from grader.errors import Unreadable
from grader.kinds.training.question import hidden_generator
from grader.model.value import Fields, Items
from grader.training.bands import Band, StudyPlan, bands_from, constant_errors, linear_errors, share_of, study
from grader.training.networks import BLOCK, TrainedNetwork, predict, read_network, score_many
from grader.training.task import Sequences, TaskParams, draw_sequences
from reference.bptt import Parameters, forward
from reference.trainer import glorot

TASK = TaskParams(inputs=3, targets=("5*x[1] - 0.2*delay(x[3], 1)", "25*delay(x[2], 1)*delay(x[3], 3)"))


@pytest.fixture(scope="module")
def hidden():
    return draw_sequences(TASK, 64, 100, np.random.default_rng(0))


def networks(count, seed=0, n_h=5):
    made = glorot(np.random.default_rng(seed), 3, n_h, 2, runs=count)
    return [TrainedNetwork(Parameters(*(array[i] for array in made))) for i in range(count)]


def handed_in(params, **changed):
    return Fields({name: from_numpy(array) for name, array in {**params._asdict(), **changed}.items()})


def jordan_outputs(x, params):
    U, W, V, b, c = params
    y = np.zeros((*x.shape[:2], len(c)))
    before = np.zeros((len(x), len(c)))
    for t in range(x.shape[1]):
        before = np.tanh(x[:, t] @ U + before @ W + b) @ V + c
        y[:, t] = before
    return y


def test_scores_are_the_mean_squared_errors(hidden):
    for network in networks(3):
        error = (forward(hidden.x, network.params).y - hidden.y)[:, 3:]
        right = (error**2).mean(axis=(0, 1))
        np.testing.assert_allclose(score_many([network], hidden)[0], right, rtol=1e-5)
        np.testing.assert_allclose(score_many([network], hidden, [right.sum()])[0], right, rtol=1e-13)


def test_scores_do_not_depend_on_the_company(hidden):
    many = networks(BLOCK + 7) + networks(3, n_h=4)
    together = score_many(many, hidden)
    for i in (0, BLOCK - 1, BLOCK, BLOCK + 6, BLOCK + 8):
        np.testing.assert_allclose(score_many([many[i]], hidden)[0], together[i], rtol=1e-5)


def test_a_jordan_network_is_run_as_one(hidden):
    rng = np.random.default_rng(3)
    params = glorot(rng, 3, 5, 2)._replace(W=0.3 * rng.normal(size=(2, 5)), c=rng.normal(size=2))
    network = TrainedNetwork(params, "jordan")
    np.testing.assert_allclose(predict(network, hidden.x), jordan_outputs(hidden.x, params), atol=1e-12)


def test_overflow_is_infinitely_wrong(hidden):
    params = glorot(np.random.default_rng(0), 3, 5, 2)
    huge = TrainedNetwork(params._replace(V=np.full((5, 2), 1e200)))
    assert np.isinf(score_many([huge], hidden, [1.0])).all()


def test_no_networks_have_no_scores(hidden):
    assert score_many([], hidden, [1.0]).shape == (0, 2)


@pytest.mark.parametrize("turn", [False, True])
def test_rows_and_columns_are_the_same_network(turn):
    params = glorot(np.random.default_rng(1), 3, 5, 2)
    value = handed_in(Parameters(*(array.T for array in params)) if turn else params)
    network = read_network(value, 3, 2, "weights")
    assert network.layout == ("columns" if turn else "rows")
    for got, right in zip(network.params, params, strict=True):
        np.testing.assert_array_equal(got, right)


def test_a_list_in_order_and_column_vectors_are_read():
    params = glorot(np.random.default_rng(1), 3, 5, 2)
    value = Items(tuple(from_numpy(a if a.ndim == 2 else a[:, None]) for a in params))
    np.testing.assert_array_equal(read_network(value, 3, 2, "weights").params.W, params.W)


@pytest.mark.parametrize(("shape", "cell"), [((5, 5), "elman"), ((2, 5), "jordan"), ((5, 2), "jordan")])
def test_what_is_fed_back_is_told_by_the_shape(shape, cell):
    params = glorot(np.random.default_rng(1), 3, 5, 2)
    assert read_network(handed_in(params, W=np.ones(shape)), 3, 2, "w").cell == cell


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"W": np.full((5, 5), np.nan)}, "not-finite"),
        ({"W": np.full((5, 5), np.inf)}, "not-finite"),
        ({"W": np.zeros((4, 5))}, "shape"),
        ({"U": np.zeros((2, 5))}, "shape"),
        ({"V": np.zeros((5, 3))}, "shape"),
        ({"V": np.zeros(5)}, "shape"),
        ({"c": np.zeros(3)}, "shape"),
        ({"b": np.zeros((2, 3))}, "shape"),
    ],
)
def test_what_is_no_network_says_why(changed, code):
    params = glorot(np.random.default_rng(1), 3, 5, 2)
    with pytest.raises(Unreadable) as caught:
        read_network(handed_in(params, **changed), 3, 2, "weights")
    assert caught.value.code == code


def test_a_missing_matrix_is_named():
    fields = dict(handed_in(glorot(np.random.default_rng(1), 3, 5, 2)).fields)
    del fields["V"]
    with pytest.raises(Unreadable, match="V not there"):
        read_network(Fields(fields), 3, 2, "weights")


def test_a_missing_bias_counts_as_zero():
    fields = dict(handed_in(glorot(np.random.default_rng(1), 3, 5, 2)).fields)
    del fields["b"]
    network = read_network(Fields(fields), 3, 2, "weights")
    assert network.missing == ("b",)
    assert not network.params.b.any()


def test_the_hidden_set_hangs_on_secret_and_stream(monkeypatch):
    def first(stream):
        return hidden_generator(stream, "A_SECRET").random()

    monkeypatch.delenv("A_SECRET", raising=False)
    public = first("e/1")
    assert first("e/1") == public
    assert first("e/2") != public
    monkeypatch.setenv("A_SECRET", "s3cret")
    assert first("e/1") != public
    assert first("e/1") == first("e/1")


def test_baselines_are_the_closed_forms():
    data = draw_sequences(TASK, 2000, 100, np.random.default_rng(1))
    # Var(5 x) + Var(0.2 x), and 625 Var(x x') = 625 (1/9 - 1/16).
    assert constant_errors(data) == pytest.approx((25.04 / 12, 625 * 7 / 144), rel=0.02)
    # y1 is linear; of 625 (c + c') c'' the product of two centred uniforms is left: 625 / 144.
    assert linear_errors(data) == pytest.approx((0, 625 / 144), rel=0.02, abs=1e-9)


def test_bands_rise_and_end_at_the_constants():
    plan = StudyPlan(hidden=5, noise=0.1, train_seqs=4, n_seqs=16, n_steps=40, seeds=8, epochs=40)
    bands = bands_from(study(TASK, plan, 0))
    edges = [band.up_to for band in bands]
    assert edges == sorted(edges)
    assert edges[-1] >= 1


def test_an_edge_gives_by_its_tolerance_and_no_further():
    bands = (Band(up_to=0.1, share="1"), Band(up_to=0.5, share="1/2"))
    shares = [float(share_of(ratio, bands, 0.05)) for ratio in (0.1, 0.1049, 0.106, 0.52, 0.53)]
    assert shares == [1, 1, 0.5, 0.5, 0]
    assert share_of(float("inf"), bands, 0.05) == 0
    assert share_of(float("nan"), bands, 0.05) == 0


def test_constant_outputs_are_in_no_band():
    bands = (Band(up_to=0.5, share="1/2"), Band(up_to=1, share="3/20"))
    shares = [float(share_of(ratio, bands, 0.05)) for ratio in (0.52, 0.98, 1, 1.03)]
    assert shares == [0.5, 0.15, 0, 0]
    assert share_of(0.98, bands, 0.05, par=0.98) == 0


def test_the_hidden_steps_start_where_all_inputs_exist():
    data = draw_sequences(TASK, 2, 10, np.random.default_rng(0))
    assert isinstance(data, Sequences)
    assert data.start == 3


def test_an_edge_beyond_the_constants_is_not_widened():
    bands = (Band(up_to=0.5, share="1"), Band(up_to=1.5, share="1/4"))
    assert [float(share_of(ratio, bands, 0.05)) for ratio in (0.52, 1, 1.5, 1.52)] == [1, 0.25, 0.25, 0]
