"""`rnngrade author bands` and `weights`: marking bands of trained weights, and weights that answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from grader.cli import _output
from grader.cli._command import Command
from grader.cli._options import find_question, load_exercise, output_option
from grader.cli._progress import Waiting

if TYPE_CHECKING:
    from pathlib import Path

    from grader.kinds.training.question import TrainingParams


@click.command(
    "bands",
    cls=Command,
    examples=(
        "rnngrade author bands ntu-cz4042-tutorial-8 q2_weights",
        "rnngrade author bands mine.toml trained --seeds 20 --epochs 2000",
    ),
)
@click.argument("exercise")
@click.argument("question")
@click.option("--seeds", type=click.IntRange(min=4), default=60, show_default=True, help="Networks to train.")
@click.option("--epochs", type=click.IntRange(min=1), default=5000, show_default=True, help="For each.")
@click.option(
    "--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Of all that is drawn."
)
@output_option
def bands(exercise: str, question: str, seeds: int, epochs: int, seed: int, output: Path | None) -> None:
    """Compute the marking bands of a question about trained weights.

    Trains honest networks and prints the lines for the [question.check] table: the errors of the best
    constant and the best linear outputs, and the bands that follow from them and from the trained networks.
    """
    from grader.training.bands import StudyPlan, bands_from, study

    params = _training_params(exercise, question)
    sizes = params.train_seqs, params.n_seqs, params.n_steps
    plan = StudyPlan(params.hidden, params.noise, *sizes, seeds, epochs)
    with Waiting("training"):
        found = study(params, plan, seed)
    sums = sorted(float(error) / sum(found.constant) for error in found.errors.sum(axis=1))
    middle = ", ".join(f"{sums[int(q * (len(sums) - 1))]:.3f}" for q in (0, 0.1, 0.5, 0.9, 1))
    lines = [
        _typed("bands", exercise, question, (seeds, epochs, seed)),
        f"# R of {seeds} honest networks, min 10% median 90% max: {middle}",
        f"constant = {[round(error, 3) for error in found.constant]}",
        f"linear = {[round(error, 3) for error in found.linear]}",
        "bands = [",
        *(f'    {{up_to = {band.up_to:g}, share = "{band.share}"}},' for band in bands_from(found)),
        "]",
    ]
    _output.deliver("".join(f"{line}\n" for line in lines), output)


@click.command(
    "weights",
    cls=Command,
    examples=(
        "rnngrade author weights ntu-cz4042-tutorial-8 q2_weights",
        "rnngrade author weights mine.toml trained --seeds 5 --seed 1",
    ),
)
@click.argument("exercise")
@click.argument("question")
@click.option("--seeds", type=click.IntRange(min=1), default=20, show_default=True, help="Networks to train.")
@click.option("--epochs", type=click.IntRange(min=1), default=20000, show_default=True, help="For each.")
@click.option(
    "--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Of all that is drawn."
)
@output_option
def weights(exercise: str, question: str, seeds: int, epochs: int, seed: int, output: Path | None) -> None:
    """Train networks for a question about trained weights and print the best as an answer.

    The networks start differently on one training set; the one with the lowest training cost is printed.
    """
    from grader.training.bands import best_answer

    params = _training_params(exercise, question)
    data = (params.train_seqs, params.n_steps, params.noise)
    typed = _typed("weights", exercise, question, (seeds, epochs, seed))
    with Waiting("training"):
        answer = best_answer(params, params.hidden, data, (seeds, epochs), seed)
    _output.deliver(f"{typed}\n{answer}\n", output)


def _typed(command_name: str, exercise: str, question: str, effort: tuple[int, int, int]) -> str:
    seeds, epochs, seed = effort
    options = f"--seeds {seeds} --epochs {epochs} --seed {seed}"
    return f"# rnngrade author {command_name} {exercise} {question} {options}"


def _training_params(exercise: str, question: str) -> TrainingParams:
    from grader.errors import SpecError
    from grader.kinds.training.question import TrainingParams

    found = find_question(load_exercise(exercise), question)
    if not isinstance(found.params, TrainingParams):
        raise SpecError(f"{found.id} is of kind {found.kind!r}", "bands are for kind 'training'")
    return found.params
