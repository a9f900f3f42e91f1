"""`rnngrade author export`: questions for the tests of another platform."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from grader.cli import _output
from grader.cli._command import Command
from grader.cli._main import ExitCode
from grader.cli._options import FilePath, find_question, force_option
from grader.cli._output import one_line

if TYPE_CHECKING:
    from pathlib import Path

    from grader.model.exercise import Exercise

FORMATS = ("moodle", "qti")
SAMPLE = "sample"
NEXT = {
    "moodle": "in Moodle: Question bank, Import, Moodle XML format",
    "qti": "import it as a QTI 2.1 content package",
}


@click.command(
    "export",
    cls=Command,
    examples=(
        "rnngrade author export mine.toml --to moodle -o mine.xml",
        "rnngrade author export rnn-paper --to qti -o rnn-paper.zip --variant sample",
    ),
)
@click.argument("exercise")
@click.option("--to", "platform", type=click.Choice(FORMATS), required=True, help="What it is for.")
@click.option("-o", "--output", type=FilePath(dir_okay=False), required=True, help="To write.")
@click.option("--question", help="This question only.")
@click.option(
    "--variant",
    "codes",
    multiple=True,
    metavar="CODE",
    help="Of an exercise that draws: the variants, once for each; `sample` for the sample.",
)
@force_option
def export_questions(
    exercise: str, platform: str, output: Path, question: str | None, codes: tuple[str, ...], force: bool
) -> int:
    """Write the questions of EXERCISE that a test on another platform can hold.

    Choices, numbers, shapes and counts in numbers with their keys, and words, which are marked by hand there.
    Every other question is named with the reason. The file holds right answers: it is for staff.
    """
    from grader.lms.exchange.export import export
    from grader.model.text import counted

    variants = _variants(exercise, codes)
    asked = variants[0].questions if question is None else (find_question(variants[0], question),)
    found = export(variants, [one.id for one in asked], platform)
    for one in found.refused:
        click.echo(one_line(f"not exported: {one.label} ({one.question}): {one.reason}"))
    if not found.groups:
        click.echo(f"no question of {one_line(exercise)} can be exported; nothing is written")
        return ExitCode.USAGE
    _output.write_bytes(output, found.data, overwrite=force)
    for group in found.groups:
        for lost in group[0].held.lost:
            click.echo(one_line(f"differs there: {group[0].name}: {lost}"))
    total = f"{len(found.groups)} of {counted(len(asked), 'question')}"
    items = sum(map(len, found.groups))
    drawn = f", {counted(items, 'variant')} in all" if items > len(found.groups) else ""
    click.echo(f"{one_line(str(output))} holds {total}{drawn}, and right answers: it is for staff")
    click.echo(NEXT[platform])
    return ExitCode.FULL_MARKS


def _variants(exercise: str, codes: tuple[str, ...]) -> list[Exercise]:
    from grader import kinds, specs

    found = specs.find_exercise(exercise)
    known = specs.Kinds(kinds.kind_names(), kinds.find_kind)
    wanted = [None if code == SAMPLE else code for code in codes] or [None]
    loaded = [
        specs.load_exercise(found.path, known, shown_as=found.shown_as, variant=code) for code in wanted
    ]
    if loaded[0].values and not codes:
        raise click.UsageError(
            f"{one_line(exercise)} draws numbers for each student: name the variants that are wanted with "
            "--variant CODE, once for each, or --variant sample for its sample"
        )
    return loaded
