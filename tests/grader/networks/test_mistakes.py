"""The catalogue of known mistakes: its own examples, and each mistake and pair as plain loops compute it."""

from __future__ import annotations

import dataclasses
import itertools
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.kinds.sequence import KIND
from grader.kinds.sequence.diagnose import diagnose, variants_of
from grader.kinds.sequence.question import SequenceParams
from grader.model.evidence import facts
from grader.model.kind import Answer
from grader.model.mistake import Mistake
from grader.model.outcome import Finding
from grader.model.value import Items, Number
from grader.networks.forward import CELL, NETWORKS, CellChange, DemonstrationAnswer, Network
from grader.networks.mistakes import CATALOGUE, DEMONSTRATION, DEMONSTRATION_W
from grader.networks.variants import _paths
from reference.cell import Cell


def demonstration(network: Network) -> SequenceParams:
    other = "jordan" if network == "elman" else "elman"
    W = {"W": DEMONSTRATION_W[network], "other_W": DEMONSTRATION_W[other]}
    return SequenceParams(cell=network, **W, **DEMONSTRATION)


def explained(example: DemonstrationAnswer) -> Finding:
    y = Items(tuple(Number(str(value), "float") for value in example.y))
    params = demonstration(example.network)
    return diagnose(params, KIND.judge(params, Answer(fields={"y": y})).facts)


@pytest.mark.parametrize("mistake", CATALOGUE, ids=lambda one: one.id)
class TestDeclaration:
    def test_it_is_shown_by_its_example(self, mistake: Mistake[CellChange]) -> None:
        if "by-hand" not in mistake.effect.work:
            pytest.skip("working rounded to the asked places is right in a sequence")
        assert [mistake.id] in facts(explained(mistake.shown_by).evidence)["diagnosis"]["explanations"]

    def test_it_is_not_shown_by_its_other_example(self, mistake: Mistake[CellChange]) -> None:
        found = facts(explained(mistake.not_shown_by).evidence)
        assert [mistake.id] not in found.get("diagnosis", {}).get("explanations", [])

    def test_it_changes_what_a_cell_has(self, mistake: Mistake[CellChange]) -> None:
        right = Cell()
        assert mistake.effect.settings
        assert all(getattr(right, name) is not None for name in mistake.effect.settings)

    def test_its_id_is_kebab_case_and_its_message_a_sentence_without_figures(
        self, mistake: Mistake[CellChange]
    ) -> None:
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", mistake.id)
        assert "-and-" not in mistake.id
        assert mistake.message.endswith(".")
        assert not re.search(r"\d\.\d", mistake.message)


def test_ids_are_told_once() -> None:
    ids = [mistake.id for mistake in CATALOGUE]
    assert len(set(ids)) == len(ids) >= 30


@pytest.mark.parametrize("size", [1, 2])
@pytest.mark.parametrize("network", NETWORKS)
def test_every_mistake_and_pair_is_what_plain_loops_compute(
    network: Network, size: int, student: Callable[..., Any]
) -> None:
    params = demonstration(network)
    table = variants_of(params, size)
    net = {name: getattr(params, name) for name in "xUWVbc"}
    for k, one in enumerate(table.combinations):
        made = [mistake.id for mistake in one.mistakes]
        try:
            h, y = student(network, made, net, params.other_W)
        except (IndexError, OverflowError):
            continue
        np.testing.assert_allclose(table.y[k, 0], y, rtol=1e-9, atol=1e-9, err_msg=one.id)
        np.testing.assert_allclose(table.h[k, 0], h, rtol=1e-9, atol=1e-9, err_msg=one.id)


@pytest.mark.parametrize("mistake", CATALOGUE, ids=lambda one: one.id)
def test_it_stands_in_the_documentation(mistake: Mistake[CellChange]) -> None:
    page = (Path(__file__).parents[3] / "docs" / "misconceptions.md").read_text(encoding="utf-8")
    assert f"| `{mistake.id}` |" in page
    assert mistake.message in page


@pytest.mark.parametrize(
    ("network", "fields"), [("elman", {"h_digits"}), ("jordan", {"h_digits", "fed_digits"})]
)
def test_honest_rounding_is_tried_at_each_place_and_at_all_together(network, fields):
    """Every set of the fields in which values are written down before they are used again."""
    paths = list(_paths(network, [CELL[network]]))
    changed = [{f.name: getattr(cell, f.name) for f in dataclasses.fields(cell)} for (cell,) in paths]
    right = {f.name: getattr(CELL[network], f.name) for f in dataclasses.fields(Cell)}
    tried = [frozenset(name for name in right if settings[name] != right[name]) for settings in changed]
    every = [set(some) for size in range(len(fields) + 1) for some in itertools.combinations(fields, size)]
    assert len(tried) == len(every)
    assert set(tried) == set(map(frozenset, every))
    assert all(
        settings[name] == "rounded" for settings, names in zip(changed, tried, strict=True) for name in names
    )
