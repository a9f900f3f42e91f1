"""The ids and texts that mistakes in some networks' gradients have kept, by the id of the general one."""

from __future__ import annotations

import functools
import tomllib
from dataclasses import replace
from pathlib import Path

import msgspec

import grader
from grader.networks.equations.network import Network
from grader.networks.equations.printing import written
from grader.networks.mutants.backward.context import GradientMutant


class KnownGradientMistake(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A row: of which general mistake, its id, and its text."""

    of: str
    id: str
    message: str


class KnownNetwork(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The equations of a network with a hidden variable h and an output, and what its mistakes are called."""

    hidden: str
    output: str
    mistake: tuple[KnownGradientMistake, ...]


def kept_names(network: Network) -> dict[str, KnownGradientMistake]:
    """The rows for a network, by the general mistake's id; none where it is not listed."""
    variables = [one.name for one in network.equations]
    if len(variables) != 2 or variables[0] != "h":
        return {}
    texts = tuple(written(one.right_side) for one in network.equations)
    return {
        row.of.replace("{y}", variables[1]): row
        for known in _listed().values()
        if (known.hidden, known.output) == texts
        for row in known.mistake
    }


def with_kept_names(mutants: tuple[GradientMutant, ...], network: Network) -> tuple[GradientMutant, ...]:
    """The mistakes with the ids and texts they have kept or that the author gives; they come first."""
    named = {general: (row.id, row.message) for general, row in kept_names(network).items()}
    named |= {row.mutant: (row.id, row.message) for row in network.mistakes if row.mutant}
    kept = [
        replace(one, id=named[one.id][0], message=named[one.id][1], has_kept_name=True)
        for one in mutants
        if one.id in named
    ]
    ids = {one.id for one in kept}
    return (*kept, *(one for one in mutants if one.id not in named and one.id not in ids))


@functools.cache
def _listed() -> dict[str, KnownNetwork]:
    # By place: a folder of that name on the path must not stand for ours.
    file = Path(grader.OWN_FOLDER, "grader", "networks", "mutants", "backward", "known.toml")
    return msgspec.convert(tomllib.loads(file.read_text(encoding="utf-8")), dict[str, KnownNetwork])
