"""Weights cut into blocks, told by hand; sizes that tell wrong counts apart."""

from __future__ import annotations

import itertools

import pytest

from grader.networks.counting.blocks import Block, blocks_of, count_at, packed_parts
from grader.networks.counting.mistakes import CANDIDATES, count_mistakes, telling_sizes
from grader.networks.equations.declaration import network_of
from grader.networks.equations.network import network
from grader.networks.equations.sizes import read_size
from grader.networks.library import library_network


def told(net):
    """Each block in words: where it stands, how many it gives and reads, its role and what it reads."""
    return [
        (
            f"{block.parameter}{block.index or ''}",
            block.equation,
            f"{block.out} x {block.into}",
            f"{block.role}{' matrix' if block.is_matrix else ''}",
            " ".join(sorted(block.reads)),
        )
        for block in blocks_of(net)
    ]


def test_matrices_that_stand_left_or_right_and_transposed_read_along_the_right_axis():
    net = network(
        {
            "inputs": {"x": "m"},
            "parameters": {"A": "n x m", "B": "m x n", "C": "m x n", "D": "n x m", "v": "m"},
            "equations": ["h(t) = tanh(A @ x(t) + B.T @ x(t) + x(t) @ C + x(t-1) @ D.T)", "y(t) = v @ x(t)"],
        }
    )
    assert told(net) == [
        *((name, "h", "n x m", "input matrix", "x") for name in "ABCD"),
        ("v", "y", "1 x m", "input matrix", "x"),
    ]


def test_a_matrix_of_a_stack_has_a_block_for_each_part():
    net = network(
        {
            "inputs": {"x": "m", "u": "number"},
            "parameters": {"A": "n x m + n + 1", "V": "k x n"},
            "equations": ["h(t) = tanh(A @ stack(x(t), h(t-1), u(t)))", "y(t) = V @ tanh(h(t))"],
            "sizes": {"h": "n"},
        }
    )
    assert told(net) == [
        ("A", "h", "n x m", "input matrix", "x"),
        ("A1", "h", "n x n", "recurrent matrix", "h"),
        ("A2", "h", "n x 1", "input matrix", "u"),
        ("V", "y", "k x n", "layer matrix", "h"),
    ]
    assert [block.key for block in blocks_of(net)] == [("A", 0), ("A", 1), ("A", 2), ("V", 0)]


def test_what_is_added_is_a_bias_and_what_is_multiplied_entry_by_entry_is_none():
    net = network(
        {
            "inputs": {"x": "n"},
            "parameters": {"b": "n", "p": "n", "q": "n", "r": "n", "a": "number", "z": "n x n", "w": "n"},
            "equations": [
                "k = tanh(r + 1)",
                "h(t) = tanh(x(t) + p * h(t-1) + b + a)",
                "y(t) = q * h(t) + k + w",
            ],
            "start": {"h": "h0"},
            "sizes": {"h": "n"},
        }
    )
    assert told(net) == [
        ("b", "h", "n x 1", "bias", ""),
        ("p", "h", "n x 1", "recurrent", "h"),
        ("q", "y", "n x 1", "layer", "h"),
        ("r", "k", "n x 1", "other", ""),
        ("a", "h", "1 x 1", "bias", ""),
        ("z", "", "n x n", "other matrix", ""),
        ("w", "y", "n x 1", "bias", ""),
    ]


def test_what_is_read_back_is_recurrent_only_in_the_loop_that_it_is_part_of():
    net = network(
        {
            "inputs": {"x": "n"},
            "parameters": {"A": "n x n", "B": "n x n", "C": "n x n", "D": "n x n", "E": "n x n"},
            "equations": [
                "h(t) = tanh(A @ x(t-1) + B @ g(t-1))",
                "g(t) = tanh(C @ h(t))",
                "y(t) = D @ h(t-1)",
                "q = E @ h(T)",
            ],
            "sizes": {"h": "n", "g": "n"},
        }
    )
    roles = {block.parameter: block.role for block in blocks_of(net)}
    assert roles == {"A": "input", "B": "recurrent", "C": "layer", "D": "layer", "E": "layer"}


def test_a_parameter_counts_where_it_first_stands():
    net = network(
        {
            "inputs": {"x": "n"},
            "parameters": {"A": "n x n"},
            "equations": ["h(t) = tanh(A @ x(t))", "y(t) = h(t) - A @ h(t)"],
        }
    )
    assert told(net) == [("A", "h", "n x n", "input matrix", "x")]


def test_gates_are_parts_of_one_variable():
    net = network(
        {
            "inputs": {"x": "n"},
            "parameters": {"A": "4*n x n"},
            "equations": [
                "z(t) = A @ x(t)",
                "h(t) = part(z(t), 1, 4) * part(z(t-1), 2, 4) + part(x(t), 1, 1)",
            ],
            "sizes": {"h": "n"},
        }
    )
    assert packed_parts(net) == {"z": 4, "x": 1}


@pytest.mark.parametrize(("is_added", "count"), [(False, 3 * 5 + 3 * 1), (True, 3 + 5 + 3 * 1)])
def test_blocks_are_counted_by_products_or_by_the_sum_that_a_mistake_takes(is_added, count):
    one = Block("A", "h", read_size("n"), read_size("m"), "input", is_added=is_added)
    bias = Block("b", "h", read_size("n"), read_size("1"), "bias")
    assert count_at([one, bias], {"n": 3, "m": 5}) == count


@pytest.mark.parametrize("name", ["elman", "lstm", "jordan"])
def test_no_other_small_sizes_tell_more_wrong_counts_apart(name):
    net = network_of(library_network(f"library/{name}").network)
    blocks, names = blocks_of(net), sorted(net.size_names)
    assert list(names) == sorted(names)
    wrong = [mistake.effect(blocks) for mistake in count_mistakes(net)]

    def n_told(sizes):
        return len({count_at(one, sizes) for one in wrong} - {count_at(blocks, sizes)})

    found = telling_sizes(net)
    assert set(found) == set(names)
    assert len(set(found.values())) == len(names)
    tried = [dict(zip(names, row, strict=True)) for row in itertools.permutations(CANDIDATES, len(names))]
    assert found in tried
    best = max(n_told(sizes) for sizes in tried[:400])
    assert n_told(found) == best
    assert found == next(sizes for sizes in tried if n_told(sizes) == best)
