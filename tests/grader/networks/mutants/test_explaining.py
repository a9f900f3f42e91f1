"""What a table of mistakes holds: numbers worked out in plain loops, pairs, and what is left out."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import pytest

from grader.networks.equations.declaration import network_of
from grader.networks.equations.network import network
from grader.networks.library import library_network
from grader.networks.mutants.catalogue import mutants
from grader.networks.mutants.explaining import (
    MOST_PAIRS,
    in_pairs,
    matching,
    paths_of_mistakes,
    right_table_of,
    sharing,
    singles,
    table_of,
)
from grader.networks.mutants.mutant import go_together

NET = network(
    {
        "inputs": {"x": "number"},
        "parameters": {"w": "number", "b": "number"},
        "equations": ["h(t) = tanh(w * h(t-1) + x(t) + b)"],
        "sizes": {"h": "number"},
    }
)
X, W, B = [0.5, -1.0, 2.0], 0.7, 0.3


def by_hand(with_bias: bool = True, first: float = 0.0, places: int | None = None) -> list[float]:
    h, states = first, []
    for x in X:
        h = math.tanh(W * h + x + (B if with_bias else 0.0))
        if places is not None:
            h = math.copysign(math.floor(abs(h) * 10**places + 0.5) / 10**places, h)
        states.append(h)
    return states


def table(size: int = 1, paths: Any = ({},)) -> Any:
    known = singles(NET, "by-hand", 2) if size == 1 else in_pairs(singles(NET, "by-hand", 2))
    inputs = {"x": np.array(X)[:, None]}
    return table_of(NET, known, inputs, {"w": np.array(W), "b": np.array(B)}, paths)


def ids(found: Any, mask: Any) -> set[str]:
    return {found.combinations[k].id for k in np.flatnonzero(mask)}


def test_networks_of_pairs_are_made_again_where_they_are_asked_for():
    """Thousands of them would stay in the memory of every worker."""
    found = table(size=2)
    assert len(found.combinations) > 10
    assert not any(one.made for one in found.combinations)
    remade = found.combinations[0].made_in(NET)
    assert remade is not None
    assert remade.equations != NET.equations


@pytest.mark.parametrize(
    ("answer", "explained"),
    [
        (by_hand(with_bias=False), "h-without-b"),
        (by_hand(first=1.0), "starts-from-one"),
        (by_hand(with_bias=False, places=2), "h-without-b"),
    ],
)
def test_an_answer_with_a_mistake_is_explained_by_it(answer: list[float], explained: str) -> None:
    found = table(paths=paths_of_mistakes(NET, 2))
    handed = np.round(np.array(answer)[:, None], 2)
    assert explained in ids(found, matching(found.values["h"], handed, 2))


def test_two_mistakes_together_explain_what_neither_does() -> None:
    handed = np.round(np.array(by_hand(with_bias=False, first=1.0))[:, None], 2)
    single, pairs = table(), table(size=2)
    assert not ids(single, matching(single.values["h"], handed, 2))
    assert any("h-without-b" in one for one in ids(pairs, matching(pairs.values["h"], handed, 2)))


def test_what_no_longer_reads_an_input_is_left_out() -> None:
    known = {one.id for one in mutants(NET, "by-hand", 2)}
    assert "h-without-x-t" in known
    assert "h-without-x-t" not in {one.id for one in table().combinations}


def test_an_entry_that_is_no_number_matches_nothing() -> None:
    found = table()
    handed = np.array(by_hand(with_bias=False))[:, None]
    handed[1] = np.nan
    assert not matching(found.values["h"], handed, 2).any()


def test_a_mistake_shares_its_answer_with_itself_and_rarely_with_the_right_one() -> None:
    found = table()
    right = right_table_of(NET, {"x": np.array(X)[:, None]}, {"w": np.array(W), "b": np.array(B)})
    for k in range(len(found.combinations)):
        assert sharing(found.values["h"], found.values["h"][k], 2)[k]
    assert right.values["h"][0, 0, :, 0] == pytest.approx(by_hand())
    assert not sharing(found.values["h"], right.values["h"][0], 2).all()


def test_pairs_of_a_large_network_are_bounded() -> None:
    lstm = network_of(library_network("library/lstm").network)
    known = mutants(lstm, "by-hand", 2)
    pairs = in_pairs(singles(lstm, "by-hand", 2))
    assert MOST_PAIRS / 2 < len(pairs) <= MOST_PAIRS
    assert {one.kind for pair in pairs for one in pair.mistakes} == {
        one.kind for one in known if not one.is_rare
    }
    together = {one.id for pair in pairs for one in pair.mistakes}
    assert {"all-drop-term-bias", "all-transpose-recurrent", "starts-from-one"} <= together


@pytest.mark.parametrize("name", ["elman", "jordan"])
def test_every_pair_of_a_small_network_is_known(name: str) -> None:
    listed = singles(network_of(library_network(f"library/{name}").network), "by-hand", 2)
    known = [one.mistakes[0] for one in listed if not one.mistakes[0].is_rare]
    together = [pair for pair in itertools.combinations(known, 2) if go_together(*pair)]
    assert [one.mistakes for one in in_pairs(listed)] == together
