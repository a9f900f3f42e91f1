"""`rnngrade author export` and `release`: an exercise for another platform's tests, or for its students."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from grader.cli import _output
from grader.cli._command import Command
from grader.cli._main import ExitCode
from grader.cli._options import FilePath, find_question, force_option, load_exercise
from grader.cli._output import one_line
from grader.cli._variant import SAMPLE_WORD

if TYPE_CHECKING:
    from pathlib import Path

    from grader.authoring.release import QuestionKeys
    from grader.model.exercise import Exercise

FORMATS = ("moodle", "qti")
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
    wanted = [None if code == SAMPLE_WORD else code for code in codes] or [None]
    loaded = [load_exercise(exercise, variant=code) for code in wanted]
    if loaded[0].values and not codes:
        raise click.UsageError(
            f"{one_line(exercise)} draws numbers for each student: name the variants that are wanted with "
            "--variant CODE, once for each, or --variant sample for its sample"
        )
    return loaded


@click.command(
    cls=Command,
    examples=(
        "rnngrade author release mine.toml -o for-students",
        "rnngrade author release mine.toml -o for-students --withhold keys",
        "rnngrade author release mine.toml -o for-students --withhold w2 --withhold w3",
    ),
)
@click.argument("exercise")
@click.option(
    "-o", "--output", type=FilePath(), required=True, metavar="DIR", help="A new folder for the edition."
)
@click.option(
    "--withhold",
    multiple=True,
    metavar="WHAT",
    help="Leave the key of this question to your course; `keys`: of all that are written, `all`: of all.",
)
@click.option(
    "--variant", metavar="CODE", help="Write this variant alone, of an exercise that draws numbers."
)
@click.option(
    "--hints",
    type=click.Choice(("free", "all")),
    default="free",
    show_default=True,
    help="Those that cost nothing and need no attempt, or all: in a file each can be read at once.",
)
def release(exercise: str, output: Path, withhold: tuple[str, ...], variant: str | None, hints: str) -> None:
    """Write the student's edition of EXERCISE.

    It has the prompts, fields, free hints, checks and pictures; no example answers and no comments. What is
    still a key in it is told question by question. Where a key is withheld an answer is read, and its mark
    is left to your course, which marks with the full exercise.
    """
    from grader.authoring.release import edition, lines
    from grader.variants.code import SAMPLE

    loaded = load_exercise(exercise, variant=SAMPLE if variant == SAMPLE_WORD else variant)
    made = edition(loaded, _withheld(loaded, withhold), keeps_hints=hints == "all")
    target = output / f"{loaded.id}.toml"
    _write_in_new_folder(target, made.text)
    for line in lines(made.questions, is_drawn=bool(loaded.values) and not loaded.variant):
        click.echo(one_line(line))
    click.echo(one_line(f"{target} is for students; {_keys_text(made.questions)}"))


def _withheld(exercise: Exercise, named: tuple[str, ...]) -> set[str]:
    """Ids of the questions that `--withhold` names."""
    from grader.authoring.release import with_written_keys

    ids = [question.id for question in exercise.questions]
    found: set[str] = set()
    for name in named:
        if name == "all" and name not in ids:
            found.update(ids)
        elif name == "keys" and name not in ids:
            found.update(with_written_keys(exercise))
        else:
            found.add(find_question(exercise, name).id)
    return found


def _keys_text(questions: Sequence[QuestionKeys]) -> str:
    from grader.model.text import counted

    n_keys = sum(len(one.keys) for one in questions)
    withheld = [one for one in questions if one.is_withheld]
    keys = f"{counted(n_keys, 'key')} can be read in it" if n_keys else "no key can be read in it"
    left = f"; {counted(len(withheld), 'question')} marked by your course only" if withheld else ""
    return keys + left


def _write_in_new_folder(path: Path, text: str) -> None:
    """Text into a file of a folder that is made for it, or is empty."""
    folder = path.parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise click.UsageError(f"{folder} has files in it; name a new folder")
    except FileExistsError:
        raise click.UsageError(f"{folder} is a file; name a new folder") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise click.ClickException(f"{folder} cannot be made: {reason}") from None
    _output.write(path, text, overwrite=False)
