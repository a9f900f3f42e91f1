"""Mistakes in counting: each is on the page, none counts what is right, and blocks hold all weights."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

import pytest

from grader.kinds.shape.diagnose import WHOLE_MISTAKES
from grader.kinds.shape.mistakes import SHAPE_MISTAKES
from grader.networks.counting.blocks import blocks_of, count_at
from grader.networks.counting.mistakes import count_mistakes
from grader.networks.equations.declaration import network_of
from grader.networks.equations.network import Network, network
from grader.networks.library import library_names, library_network

PAGE = (Path(__file__).parents[3] / "docs" / "misconceptions.md").read_text(encoding="utf-8")
SECTION = PAGE.split("## Counts, shapes and formulas")[1].split("\n## ")[0]
WEIGHTED = [name for name in library_names() if library_network(name).network.parameters]
TIED: dict[str, Any] = {
    "inputs": {"x": "n"},
    "parameters": {"U": "m x n"},
    "equations": ["a(t) = tanh(U @ x(t))", "b(t) = a(t) - tanh(U @ x(t-1))"],
}


def networks() -> list[Network]:
    return [*(network_of(library_network(name).network) for name in WEIGHTED), network(TIED)]


def test_every_mistake_is_on_the_page_and_no_other() -> None:
    told = set(re.findall(r"`([a-z]+(?:-[a-z]+)+)`", SECTION))
    counts = {mistake.id for one in networks() for mistake in count_mistakes(one)}
    shapes = {mistake.id for mistake in (*SHAPE_MISTAKES, *WHOLE_MISTAKES)}
    assert told == counts | shapes


@pytest.mark.parametrize("name", WEIGHTED)
@pytest.mark.parametrize("first", [2, 5])
def test_blocks_hold_as_many_numbers_as_the_declared_arrays(name: str, first: int) -> None:
    table = library_network(name).network
    net = network_of(table)
    sizes = {size: first + 3 * number for number, size in enumerate(sorted(net.size_names))}
    arrays = [
        math.prod(eval(size, {}, dict(sizes)) for size in text.split(" x ")) if text != "number" else 1
        for text in table.parameters.values()
    ]
    assert count_at(blocks_of(net), sizes) == sum(arrays)


@pytest.mark.parametrize("name", WEIGHTED)
def test_no_mistake_counts_what_is_right(name: str) -> None:
    net = network_of(library_network(name).network)
    sizes = {size: 101 + 37 * number**2 for number, size in enumerate(sorted(net.size_names))}
    blocks = blocks_of(net)
    for mistake in count_mistakes(net):
        assert count_at(mistake.effect(blocks), sizes) != count_at(blocks, sizes), mistake.id


def test_weights_are_recurrent_where_they_read_what_comes_back_and_a_layer_where_it_is_of_this_step() -> None:
    net = network(
        {
            "inputs": {"x": "m"},
            "parameters": {"U": "n x m", "W": "n x k", "V": "k x n"},
            "equations": ["h(t) = tanh(U @ x(t) + W @ y(t-1))", "y(t) = V @ h(t)"],
        }
    )
    roles = {block.parameter: block.role for block in blocks_of(net)}
    assert roles == {"U": "input", "W": "recurrent", "V": "layer"}
