"""`rnngrade export gradescope`, and a command for each `GRADEBOOK` of a platform."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from grader.cli import _output
from grader.cli._command import Command
from grader.cli._options import FilePath, PlatformCommands, force_option, load_question

if TYPE_CHECKING:
    from pathlib import Path

    from grader.lms.fill import Filled, Grade, GradebookWriter
    from grader.model.exercise import Exercise

FILE = FilePath(dir_okay=False)


def _platforms() -> dict[str, click.Command]:
    from grader.lms.fill import gradebook_writers

    return {name: _command(name, writer) for name, writer in gradebook_writers().items()}


@click.group(
    cls=PlatformCommands,
    find=_platforms,
    examples=(
        "rnngrade export gradescope rnn-by-formula",
        "rnngrade export moodle grades.csv --grades grades.json -o filled.csv",
    ),
)
def command() -> None:
    """Make what other systems take: an autograder to upload, a gradebook CSV filled in."""


@command.command(
    examples=(
        "rnngrade export gradescope rnn-by-formula",
        "rnngrade export gradescope mine.toml --hints 1 -o mine.zip",
    ),
)
@click.argument("exercise")
@click.option("-o", "--output", type=FILE, default="autograder.zip", show_default=True, help="To write.")
@click.option("--question", help="Mark this question only.")
@click.option("--hints", type=click.IntRange(min=0), default=0, help="Hints for what is not solved.")
@click.option(
    "--wheel", type=FILE, help="Another wheel of rnngrade to take along than one made of this installation."
)
def gradescope(exercise: str, output: Path, question: str | None, hints: int, wheel: Path | None) -> None:
    """Make an autograder for EXERCISE to upload to Gradescope.

    It takes this rnngrade along, so that no package index is asked for it. The same options give the same
    file, byte for byte; the versions of all packages are those installed here.
    """
    from grader.lms.gradescope.kit import AutograderContents, build

    loaded, question_id = load_question(exercise, question)
    taken = taken_wheel(wheel)
    contents = AutograderContents(loaded.id, taken, question_id, hints, own_file(exercise, loaded))
    _output.write_bytes(output, build(contents))
    click.echo(f"{output} is ready: upload it in Gradescope under Configure Autograder")


def _command(platform: str, writer: GradebookWriter) -> click.Command:
    typed = f"rnngrade export {platform} downloaded.csv --grades grades.json"

    @click.command(
        platform,
        cls=Command,
        help=writer.help,
        examples=(f"{typed} -o filled.csv", f"{typed} --exercise rnn-by-formula -o filled.csv"),
    )
    @click.argument("csv", type=FILE)
    @click.option(
        "--grades", required=True, help="From `rnngrade gradebook export --format json`; - to read it here."
    )
    @click.option("--exercise", help="Which exercise, where the grades are of several.")
    @click.option("--column", help="The column to fill, where CSV does not show it.")
    @click.option("-o", "--output", type=FILE, required=True, help="The filled CSV to write.")
    @click.option("--overwrite", is_flag=True, help="Replace grades and comments that are in CSV.")
    @force_option
    def run(
        csv: Path,
        grades: str,
        exercise: str | None,
        column: str | None,
        output: Path,
        force: bool,
        **how: bool,
    ) -> None:
        found = _grades(grades, exercise, output)
        _write_filled(writer.fill(_read(csv), found, column, str(csv), **how), csv, output, force=force)

    if writer.has_comments:
        option = click.option(
            "--comments", is_flag=True, help="Write each question's verdict as a feedback comment."
        )
        return option(run)
    return run


def _grades(source: str, exercise: str | None, output: Path) -> tuple[Grade, ...]:
    from grader.cli._class import exercise_name
    from grader.cli._replacing import require_other
    from grader.lms.fill import read_grades

    exercise = None if exercise is None else exercise_name(exercise)
    if source == "-":
        return read_grades(sys.stdin.read(), "standard input", exercise)
    require_other(output, [source], "what the grades are read from")
    from pathlib import Path

    return read_grades(_read(Path(source)).decode("utf-8-sig", "replace"), source, exercise)


def _write_filled(filled: Filled, csv: Path, output: Path, *, force: bool) -> None:
    from grader.cli._replacing import is_same, require_kept

    # In the file itself nothing that was typed is replaced.
    require_kept(output, filled.data, force=force or is_same(output, csv))
    _output.write_bytes(output, filled.data, is_private=True)
    for line in filled.notes:
        _output.note(line)
    unit = "grade is" if filled.written == 1 else "grades are"
    click.echo(f"{filled.written} {unit} written into {output}")


def own_file(name: str, exercise: Exercise) -> tuple[str, bytes] | None:
    """Name and text of an exercise that is taken along; None of one that comes with rnngrade.

    Args:
        name: As typed.
        exercise: That was loaded by it.
    """
    from grader.specs.catalog import installed_files

    # The id of an exercise is the name of its file.
    return None if name in installed_files() else (f"{exercise.id}.toml", exercise.text)


def taken_wheel(wheel: Path | None) -> tuple[str, bytes]:
    """Name and bytes of the wheel to take along: one that was given, else one of this installation.

    Args:
        wheel: As typed.

    Raises:
        click.UsageError: If it is no wheel of rnngrade, or cannot be read.
    """
    from grader.lms.own_wheel import own_wheel

    return own_wheel() if wheel is None else (_wheel_name(wheel), _read(wheel))


def _wheel_name(wheel: Path) -> str:
    # pip reads the version from the name, and the name goes into a shell script.
    if not wheel.name.startswith("rnngrade-") or wheel.suffix != ".whl":
        raise click.UsageError(
            f"{wheel.name} is not a wheel of rnngrade; make one with: pip wheel --no-deps ."
        )
    return wheel.name


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise click.UsageError(f"{path} cannot be read: {error.strerror}") from None
