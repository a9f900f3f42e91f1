"""The page of known mistakes has what there is, word for word."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from grader.networks.equations.declaration import MistakeTable, network_of
from grader.networks.library import library_network
from grader.networks.mutants.catalogue import mutants
from grader.networks.mutants.declared import Other
from grader.networks.mutants.operators import families

PAGE = (Path(__file__).parents[4] / "docs" / "misconceptions.md").read_text(encoding="utf-8")
LIBRARY = {name: network_of(library_network(f"library/{name}").network) for name in ("elman", "jordan")}
OTHER = {"elman": "jordan", "jordan": "elman"}
WORK = {"by-hand": "by hand", "as-code": "as code"}


def named() -> dict[str, MistakeTable]:
    return {table.id: table for network in LIBRARY.values() for table in network.mistakes}


def work_of(name: str, network: str) -> list[str]:
    others = [Other(OTHER[network], LIBRARY[OTHER[network]], {"W"})]
    return [
        word
        for work, word in WORK.items()
        if name in {one.id for one in mutants(LIBRARY[network], work, 2, others)}  # type: ignore[arg-type]
    ]


@pytest.mark.parametrize("table", named().values(), ids=lambda table: table.id)
def test_a_named_mistake_has_its_row(table: MistakeTable) -> None:
    has_it = [name for name, network in LIBRARY.items() if table.id in {one.id for one in network.mistakes}]
    where = "both" if len(has_it) == 2 else has_it[0]
    message = table.message.replace("{places}", "2")
    assert f"| `{table.id}` | {where} | {', '.join(work_of(table.id, has_it[0]))} | {message} |" in PAGE


@pytest.mark.parametrize("family", families())
def test_a_family_has_its_row(family: str) -> None:
    module = importlib.import_module(f"grader.networks.mutants.operators.{family}")
    assert f"| {family} | {(module.__doc__ or '').splitlines()[0]} |" in PAGE
