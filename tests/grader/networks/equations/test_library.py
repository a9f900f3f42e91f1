"""The networks that come along: each says what it is, where it is from, and what is connected with what."""

from __future__ import annotations

import itertools

import pytest

from grader.cli import main
from grader.networks.equations.declaration import network_of
from grader.networks.equations.network import parameter_count
from grader.networks.library import library_names, library_network

# Numbers of weights as the papers and packages count them, for n_in = 3, n_h = 5, n_out = 2.
COUNTS = {
    "elman": 3 * 5 + 5 * 5 + 5 * 2 + 5 + 2,
    "jordan": 3 * 5 + 2 * 5 + 5 * 2 + 5 + 2,
    "gru": 3 * (5 * 3 + 5 * 5 + 5),
    # torch.nn.GRU(3, 5) has 150 = 3 * (5*3 + 5*5 + 2*5): two biases a gate, of which z and r need one only.
    "gru-reset-after": 150 - 2 * 5,
    "lstm": 4 * (5 * 3 + 5 * 5 + 5),
    "lstm-packed": 4 * 5 * (3 + 5 + 1),
    "lstm-peephole": 4 * (5 * 3 + 5 * 5 + 5) + 3 * 5,
    "adder": 0,
}


@pytest.mark.parametrize("name", library_names())
def test_every_network_says_what_it_is(name: str):
    one = library_network(name)
    network = network_of(one.network)
    assert len(one.title) > 10
    assert len(one.source) > 20
    assert all(len(line) <= 90 for line in one.drawing.splitlines())
    assert any(f"{variable}(" in one.drawing or variable in one.drawing for variable in network.by_name)
    assert set(network.words) >= set(network.inputs)


@pytest.mark.parametrize(("name", "count"), COUNTS.items())
def test_weights_are_as_many_as_are_known(name: str, count: int):
    network = network_of(library_network(f"library/{name}").network)
    sizes = {"n_in": 3, "n_h": 5, "n_out": 2}
    assert sum(_product(size.at(sizes) for size in shape) for shape in network.weights.values()) == count
    assert eval(parameter_count(network) or "0", sizes) == count


def _product(numbers) -> int:
    return list(itertools.accumulate(numbers, lambda left, right: left * right, initial=1))[-1]


def test_the_list_has_a_line_for_each(capsys):
    assert main(["author", "networks"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == list(library_names())


@pytest.mark.parametrize("name", ["gru", "library/gru"])
def test_one_is_shown_with_its_equations_shapes_source_and_drawing(name: str, capsys):
    assert main(["author", "networks", name]) == 0
    told = capsys.readouterr().out
    one = library_network("library/gru")
    for text in (*one.network.equations, one.drawing.splitlines()[1], "Cho et al. (2014)", "n_h x n_in"):
        assert text in told
    assert "parameters: n_h*n_in + n_h*n_h + n_h" in told


def test_an_unknown_one_is_told_with_the_nearest(capsys):
    assert main(["author", "networks", "gruu"]) == 2
    assert "did you mean 'library/gru'?" in capsys.readouterr().err
