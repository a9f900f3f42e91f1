"""The catalogue of known mistakes: its own examples, and each mistake and pair as plain loops compute it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.kinds.trace import KIND
from grader.kinds.trace.diagnose import diagnose, variants_of
from grader.kinds.trace.question import MistakenFor, TraceParams
from grader.model.evidence import facts
from grader.model.kind import Answer
from grader.model.mistake import Mistake
from grader.model.outcome import Finding
from grader.model.value import Items, Number
from grader.networks.forward import NETWORKS, CellChange, DemonstrationAnswer, Network
from grader.networks.library import library_network
from grader.networks.mistakes import CATALOGUE, DEMONSTRATION, DEMONSTRATION_W
from grader.networks.mutants.explaining import matching
from reference.cell import Cell


def demonstration(network: Network) -> TraceParams:
    other = "jordan" if network == "elman" else "elman"
    tables = {name: library_network(f"library/{name}").network for name in (network, other)}
    return TraceParams(
        network=tables[network],
        values={**DEMONSTRATION, "W": DEMONSTRATION_W[network]},
        others=(MistakenFor(network=tables[other], name=other, values={"W": DEMONSTRATION_W[other]}),),
    )


def explained(example: DemonstrationAnswer) -> Finding:
    y = Items(tuple(Number(str(value), "float") for value in example.y))
    params = demonstration(example.network)
    return diagnose(params, KIND.judge(params, Answer(fields={"y": y})).facts)


@pytest.mark.parametrize("mistake", CATALOGUE, ids=lambda one: one.id)
class TestDeclaration:
    def test_it_is_shown_by_its_example(self, mistake: Mistake[CellChange]) -> None:
        if "by-hand" not in mistake.effect.work:
            pytest.skip("working rounded to the asked places is right in a sequence")
        # Whether an answer shows enough of it to be told so is another question.
        params = demonstration(mistake.shown_by.network)
        table = variants_of(params, 1)
        fits = matching(table.values["y"], np.array(mistake.shown_by.y)[:, None], params.places)
        assert mistake.id in {table.combinations[k].id for k in np.flatnonzero(fits)}

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
    net = {name: params.values[name] for name in "xUWVbc"}
    names = {mistake.id for mistake in CATALOGUE}
    for k, one in enumerate(table.combinations):
        made = [mistake.id for mistake in one.mistakes]
        if not names.issuperset(made):
            continue
        try:
            h, y = student(network, made, net, params.others[0].values["W"])
        except (IndexError, OverflowError):
            continue
        np.testing.assert_allclose(table.values["y"][k, 0], y, rtol=1e-9, atol=1e-9, err_msg=one.id)
        np.testing.assert_allclose(table.values["h"][k, 0], h, rtol=1e-9, atol=1e-9, err_msg=one.id)


@pytest.mark.parametrize("mistake", CATALOGUE, ids=lambda one: one.id)
def test_it_stands_in_the_documentation(mistake: Mistake[CellChange]) -> None:
    page = (Path(__file__).parents[3] / "docs" / "misconceptions.md").read_text(encoding="utf-8")
    assert f"| `{mistake.id}` |" in page
    assert mistake.message in page
