"""Mistakes that people made in the field are named, and what nobody makes is not."""

from __future__ import annotations

import functools
import tomllib
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from grader.networks.backward.adjoint import backward_pass
from grader.networks.backward.gradients import GradientInstance
from grader.networks.backward.loss import read_loss
from grader.networks.equations.declaration import network_of
from grader.networks.library import library_network
from grader.networks.mutants.backward.catalogue import gradient_mutants, message_with_legend
from grader.networks.mutants.backward.context import context_of
from grader.networks.mutants.backward.evaluation import Evaluation

FIELD = tomllib.loads(Path(__file__).with_name("field_mistakes.toml").read_text(encoding="utf-8"))
OUTPUTS = {"elman": "y", "lstm": "h", "gru": "h"}
SIZES, T = {"n_in": 3, "n_h": 4, "n_out": 2}, 6


class Tried(NamedTuple):
    """A network's known mistakes on one instance."""

    x: np.ndarray
    d: np.ndarray
    evaluation: Evaluation
    made: dict
    table: np.ndarray


@functools.cache
def tried(name):
    network = network_of(library_network(f"library/{name}").network)
    output = OUTPUTS[name]
    context = context_of(backward_pass(network, read_loss(network, f"sum(({output} - d)**2) / 2")))
    rng = np.random.default_rng(0)
    shapes = {key: tuple(one.at(SIZES) for one in shape) for key, shape in network.parameters.items()}
    parameters = {key: rng.uniform(-0.7, 0.7, shape) for key, shape in shapes.items()}
    x = rng.uniform(-1, 1, (T, SIZES["n_in"]))
    d = rng.uniform(-1, 1, (T, network.shapes[output][0].at(SIZES)))
    evaluation = Evaluation(context, GradientInstance({"x": x[:, None]}, {"d": d[:, None]}, parameters))
    mutants = gradient_mutants(context)
    every = zip(mutants, evaluation.all_gradients([one.effect for one in mutants]), strict=True)
    made = {one.id: (one, found) for one, found in every if found is not None}
    return Tried(x, d, evaluation, made, np.array([flat(found, shapes) for _, found in made.values()]))


def flat(gradients, names):
    return np.concatenate([np.ravel(gradients[name]) for name in names])


def sigmoid(u):
    return 1 / (1 + np.exp(-u))


def run(name, code):
    one = tried(name)
    parameters = {key: np.array(array) for key, array in one.evaluation.instance.parameters.items()}
    space = {"np": np, "sig": sigmoid, "xs": list(one.x), "ds": list(one.d), **parameters}
    with np.errstate(all="ignore"):
        exec(code, space)
    return space["gradients"]


def same(a, b):
    return all(np.allclose(a[key], b[key], rtol=1e-7, atol=1e-10) for key in a)


def named(name, gradients):
    one = tried(name)
    row = flat(gradients, one.evaluation.instance.parameters)
    fits = np.isclose(row, one.table, rtol=1e-7, atol=1e-10).all(axis=1)
    return [mutant for (mutant, _), fit in zip(one.made.values(), fits, strict=True) if fit]


@pytest.mark.parametrize("name", OUTPUTS)
def test_the_code_without_a_mistake_gives_the_right_gradients(name):
    assert same(run(name, FIELD["code"][name]), tried(name).evaluation.right)


@pytest.mark.parametrize("mistake", FIELD["mistake"], ids=lambda one: f"{one['network']}: {one['name']}")
def test_a_mistake_from_the_field_is_named(mistake):
    code = FIELD["code"][mistake["network"]]
    for right, wrong in mistake["change"]:
        assert right in code
        code = code.replace(right, wrong)
    assert named(mistake["network"], run(mistake["network"], code))


@pytest.mark.parametrize("name", OUTPUTS)
def test_gradients_that_are_wrong_in_one_entry_or_at_random_are_not_named(name):
    rng, right = np.random.default_rng(1), tried(name).evaluation.right
    for _ in range(200):
        key = rng.choice(list(right))
        spoilt = np.array(right[key])
        spoilt.flat[rng.integers(spoilt.size)] += rng.uniform(0.01, 1) * rng.choice((-1, 1))
        assert not named(name, {**right, key: spoilt})
        assert not named(name, {key: rng.normal(size=array.shape) for key, array in right.items()})


@pytest.mark.parametrize("name", OUTPUTS)
def test_messages_are_sentences_without_a_word_of_ours(name):
    one = tried(name)
    for mutant, _ in one.made.values():
        text = message_with_legend(mutant, one.evaluation.context)
        assert text.endswith("."), text
        for word in ("positive(", "pad(", "slice", "total(", "last_step", "n_seqs", "_sum", "e_", "Node"):
            assert word not in text, text
