"""All known mistakes in the gradients of a network's loss, and the ids and texts that some have kept."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import msgspec

import grader
from grader.networks.equations.network import Network
from grader.networks.equations.printing import written
from grader.networks.mutants.backward.context import Context, GradientMutant, WrongPasses
from grader.networks.mutants.backward.errors import errors
from grader.networks.mutants.backward.forward import forward
from grader.networks.mutants.backward.paths import exchanges, paths
from grader.networks.mutants.backward.slopes import slopes
from grader.networks.mutants.backward.sums import sums
from grader.networks.mutants.backward.wording import with_legend

REACHES = (*range(1, 11), 15, 16, 20, 25, 30, 32, 40, 50)
CHUNKS = (2, 3, 4, 5, 6, 7, 8, 10, 15, 16, 20, 25)


def gradient_mutants(
    context: Context, on_the_way_back: tuple[GradientMutant, ...] | None = None
) -> tuple[GradientMutant, ...]:
    """Every mistake once, those of the errors first, those of the forward pass last.

    Args:
        context: The right passes.
        on_the_way_back: What `mutants_on_the_way_back` gives, where it is there already.
    """
    first = mutants_on_the_way_back(context) if on_the_way_back is None else on_the_way_back
    found = {one.id: one for one in first}
    for one in forward(context):
        found.setdefault(one.id, one)
    return tuple(found.values())


def mutants_on_the_way_back(context: Context) -> tuple[GradientMutant, ...]:
    """Those made after a right forward pass; the others need backward passes of their own, and cost more."""
    found: dict[str, GradientMutant] = {}
    for family in (errors, slopes, _truncated, paths, exchanges, sums):
        for one in family(context):
            found.setdefault(one.id, one)
    return tuple(found.values())


def _truncated(context: Context) -> Iterator[GradientMutant]:
    """Errors that go back some steps only."""
    if not any(group.kind in ("forward", "backward") for group in context.right.network.groups):
        return
    for reach in REACHES:
        how = (
            "do not go back in time at all"
            if reach == 1
            else f"go back {_steps(reach - 1)} in time and stop there"
        )
        yield _truncation(context, f"truncated-{reach}", f"Errors {how}.", reach=reach)
    for chunk in CHUNKS:
        text = (
            f"Sequences are cut into chunks of {chunk} steps, and errors do not go back from one to another."
        )
        yield _truncation(context, f"chunks-{chunk}", text, chunk=chunk)


def _truncation(
    context: Context, id: str, message: str, reach: int | None = None, chunk: int | None = None
) -> GradientMutant:
    return GradientMutant(id, message, WrongPasses(context.forward, context.backward, reach, chunk))


def _steps(n: int) -> str:
    return "one step" if n == 1 else f"{n} steps"


def message_with_legend(mutant: GradientMutant, context: Context) -> str:
    """Its message, with a sentence on the letters in it."""
    return with_legend(mutant.message, context)


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
