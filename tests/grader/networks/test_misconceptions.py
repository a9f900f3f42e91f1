"""The catalogue of known mistakes: its own examples, and each mistake and pair as plain loops compute it."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.kinds.sequence import diagnose as sequence
from grader.kinds.sequence.demonstration import demonstration
from grader.kinds.sequence.variants import _paths, variants
from grader.model.evidence import facts
from grader.model.kind import Answer
from grader.model.outcome import Finding, Outcome, Verdict
from grader.model.value import Items, Number
from grader.networks.misconception import NETWORKS, RIGHT, Example, Misconception, Network, catalogue
from reference.cell import Cell

WRONG = Outcome(verdict=Verdict.INCORRECT, fraction=0)  # type: ignore[arg-type]


def explained(example: Example) -> Finding:
    y = Items(tuple(Number(str(value), "float") for value in example.y))
    return sequence.diagnose_answer(demonstration(example.network), Answer(fields={"y": y}), WRONG)


@pytest.mark.parametrize("mistake", catalogue(), ids=lambda one: one.id)
class TestDeclaration:
    def test_it_is_shown_by_its_example(self, mistake: Misconception) -> None:
        if "sequence" not in mistake.kinds:
            pytest.skip("working rounded to the asked places is right in a sequence")
        assert [mistake.id] in facts(explained(mistake.shown_by).evidence)["diagnosis"]["explanations"]

    def test_it_is_not_shown_by_its_other_example(self, mistake: Misconception) -> None:
        found = facts(explained(mistake.not_shown_by).evidence)
        assert [mistake.id] not in found.get("diagnosis", {}).get("explanations", [])

    def test_it_changes_what_a_cell_has(self, mistake: Misconception) -> None:
        right = Cell()
        assert mistake.change
        assert all(getattr(right, name) is not None for name in mistake.change)

    def test_its_id_is_kebab_case_and_its_message_a_sentence_without_figures(
        self, mistake: Misconception
    ) -> None:
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", mistake.id)
        assert "-and-" not in mistake.id
        assert mistake.message.endswith(".")
        assert not re.search(r"\d\.\d", mistake.message)


def test_ids_are_told_once() -> None:
    ids = [mistake.id for mistake in catalogue()]
    assert len(set(ids)) == len(ids) >= 30


@pytest.mark.parametrize("size", [1, 2])
@pytest.mark.parametrize("network", NETWORKS)
def test_every_mistake_and_pair_is_what_plain_loops_compute(
    network: Network, size: int, student: Callable[..., Any]
) -> None:
    params = demonstration(network)
    table = variants(params, size)
    net = {name: getattr(params, name) for name in "xUWVbc"}
    for k, one in enumerate(table.explanations):
        made = [mistake.id for mistake in one.mistakes]
        try:
            h, y = student(network, made, net, params.other_W)
        except (IndexError, OverflowError):
            continue
        np.testing.assert_allclose(table.y[k, 0], y, rtol=1e-9, atol=1e-9, err_msg=one.id)
        np.testing.assert_allclose(table.h[k, 0], h, rtol=1e-9, atol=1e-9, err_msg=one.id)


@pytest.mark.parametrize("mistake", catalogue(), ids=lambda one: one.id)
def test_it_stands_in_the_documentation(mistake: Misconception) -> None:
    page = (Path(__file__).parents[3] / "docs" / "misconceptions.md").read_text(encoding="utf-8")
    assert f"| `{mistake.id}` |" in page
    assert mistake.message in page


@pytest.mark.parametrize(
    ("network", "fields"), [("elman", {"h_digits"}), ("jordan", {"h_digits", "fed_digits"})]
)
def test_honest_rounding_is_tried_at_each_place_and_at_all_together(network, fields):
    """Every set of the fields in which values are written down before they are used again."""
    params = demonstration(network)
    paths = list(_paths(params, [RIGHT[network]]))
    tried = [frozenset(changes) for ((_, changes),) in paths]
    every = [set(some) for size in range(len(fields) + 1) for some in itertools.combinations(fields, size)]
    assert set(tried) == set(map(frozenset, every))
    assert all(change == "rounded" for ((_, changes),) in paths for change in changes.values())
