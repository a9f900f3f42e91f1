"""`rnngrade harness PLATFORM`: a command for each `RESULT_FILE`, and `init` for each kit of a platform."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from grader.cli import _output
from grader.cli._command import Command, Group
from grader.cli._options import FilePath, PlatformCommands, find_question, force_option, load_question
from grader.cli._variant import WhoseVariant, load_variant

if TYPE_CHECKING:
    from pathlib import Path

    from grader.lms.kit import Kit, KitContents
    from grader.lms.result_file import ResultFile
    from grader.model.exercise import Exercise
    from grader.model.report import Report

PLACE = FilePath()
FILE = FilePath(dir_okay=False)


def _platforms() -> dict[str, click.Command]:
    from grader.lms.kit import kits
    from grader.lms.result_file import result_files

    files, all_kits = result_files(), kits()
    return {name: _platform(name, files.get(name), all_kits.get(name)) for name in {*files, *all_kits}}


@click.group(
    cls=PlatformCommands,
    find=_platforms,
    examples=(
        "rnngrade harness gradescope --exercise rnn-by-formula",
        "rnngrade harness prairielearn --exercise mine.toml --question unroll",
    ),
)
def command() -> None:
    """Mark inside another system's autograder and write its result file; `PLATFORM init` sets it up.

    Ends with 0 once the file is written, whatever the mark. Where the grader itself could not decide, no
    file is left and it ends with 3, so that the platform reports its own failure and no zero. Where code
    cannot be shut in, it runs none without --unsafe-ok and ends with 2.
    """


def _platform(name: str, file: ResultFile | None, kit: Kit | None) -> click.Command:
    # The group itself is no more than its one command.
    examples = _init_examples(kit) if kit else ()
    made = _results(file) if file else Group(name, help=kit.help if kit else None, examples=examples)
    if kit:
        made.add_command(_init(kit))
    return made


def _results(file: ResultFile) -> click.Group:
    typed = f"rnngrade harness {file.command} --exercise"

    @click.group(
        file.command,
        cls=Group,
        help=file.help,
        invoke_without_command=True,
        subcommand_metavar="[init ...]",
        examples=(f"{typed} rnn-by-formula", f"{typed} mine.toml --hints 1 --submission answers/"),
    )
    @click.option("--exercise", help="An id from `rnngrade list`, or a .toml file.")
    @click.option("--question", help="Mark this question only; its fields may then stand at top level.")
    @click.option("--hints", type=click.IntRange(min=0), default=0, help="Hints for what is not solved.")
    @click.option(
        "--submission", type=PLACE, default=file.submission, show_default=True, help="The student's folder."
    )
    @click.option("--results", type=PLACE, default=file.results, show_default=True, help="The file to write.")
    @click.option("--unsafe-ok", is_flag=True, help="Run code even where it cannot be shut in.")
    @click.pass_context
    def run(context: click.Context, /, exercise: str | None, hints: int, results: Path, **asked: Any) -> None:
        if context.invoked_subcommand is not None:
            _require_no_options(context)
            return
        if exercise is None:
            raise click.UsageError("Missing option '--exercise'.", context)
        from grader.lms.result_file import staff_lines, write_result

        report = _marked(results, exercise=exercise, **asked)
        for line in staff_lines(report) if file.has_staff_errors else ():
            _output.note(f"staff: {line}")
        write_result(results, file.of(report, hints))
        _output.note(f"the result is in {results}")

    return run


def _require_no_options(context: click.Context) -> None:
    """Refuse options of marking before `init`, where they would be taken and mean nothing."""
    default = click.core.ParameterSource.DEFAULT
    given = [name for name in context.params if context.get_parameter_source(name) is not default]
    if given:
        raise click.UsageError(
            f"--{given[0].replace('_', '-')} belongs behind {context.invoked_subcommand}, or to marking",
            context,
        )


def _marked(
    results: Path, *, exercise: str, question: str | None, submission: Path, unsafe_ok: bool
) -> Report:
    from grader.cli._replacing import require_not_code
    from grader.grading import mark
    from grader.lms.result_file import remove_old
    from grader.model.submission import SubmittedFiles, has_code
    from grader.sandbox import require_isolation
    from grader.submissions import collect_submitted

    require_not_code(results, submission)
    # Before anything can fail: what a student's folder holds under this name is not our result.
    kept = remove_old(results)
    if kept is not None:
        _output.note(f"what was there as {results} is no result; it is called {kept} now")
    submitted = collect_submitted(submission, SubmittedFiles(student="student", paths=("",)))
    loaded = load_variant(exercise, WhoseVariant(answer=submitted))
    _require_own_numbers(loaded)
    question_id = find_question(loaded, question).id if question else None
    for reason in submitted.left_out:
        _output.note(f"this was not read: {reason}")
    if has_code(file.name for file in submitted.files):
        require_isolation(unsafe_ok)
    return mark(loaded, submitted, question_id=question_id)


def _require_own_numbers(exercise: Exercise) -> None:
    """Refuse the sample where marks count: everybody can see its numbers, and so its answers.

    Raises:
        CannotDo: If the answer says that it is for the sample.
    """
    from grader.errors import CannotDo
    from grader.variants.code import SAMPLE

    if exercise.values and exercise.variant == SAMPLE:
        raise CannotDo(
            f"the answer is for the sample of {exercise.id}, whose numbers everybody can see, for practice",
            "write the code that your course gave you into the answer",
        )


def _init_examples(kit: Kit) -> tuple[str, ...]:
    image = " --image my-account/rnngrade" if kit.runs_image else ""
    typed = f"rnngrade harness {kit.command} init"
    other = "rnn-by-formula" if kit.readers else "mine.toml"
    return (f"{typed} rnn-by-formula{image} -o unit/", f"{typed} {other} --hints 1{image} -o more/")


def _init(kit: Kit) -> click.Command:
    @click.command("init", cls=Command, help=kit.help, examples=_init_examples(kit))
    @click.argument("exercise")
    @click.option(
        "-o", "--output", type=PLACE, required=True, help="The folder to write into; it need not be there."
    )
    @click.option("--question", help="Ask this question only.")
    @click.option("--hints", type=click.IntRange(min=0), default=0, help="Hints for what is not solved.")
    @click.option(
        "--wheel",
        type=FILE,
        help="Another wheel of rnngrade to take along than one made of this installation.",
    )
    @force_option
    def init(exercise: str, output: Path, force: bool, **asked: Any) -> None:
        from grader.cli._replacing import require_files_kept

        files = kit.files_for(_contents(exercise, **asked))
        require_files_kept(output, files, force=force)
        for name, data in files.items():
            _write(output / name, data)
        click.echo(f"Next, {kit.next_step}.")

    if kit.runs_image:
        option = click.option(
            "--image",
            required=True,
            callback=_require_image,
            help="Where the grader's image will be, such as your-account/rnngrade.",
        )
        return option(init)
    return init


def _write(path: Path, data: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise click.UsageError(f"{path.parent} cannot be made: {error.strerror}") from None
    _output.write_bytes(path, data)
    click.echo(_output.one_line(str(path)))


def _contents(
    exercise: str, question: str | None, hints: int, wheel: Path | None, image: str = ""
) -> KitContents:
    import msgspec

    from grader.cli.export import own_file, taken_wheel
    from grader.cli.start import template
    from grader.lms.kit import KitContents

    loaded, question_id = load_question(exercise, question)
    asked = tuple(one for one in loaded.questions if question_id in (None, one.id))
    shown = msgspec.structs.replace(loaded, questions=asked)
    return KitContents(
        exercise=shown,
        wheel=taken_wheel(wheel),
        template=template(shown, loaded.id),
        question=question_id,
        hints=hints,
        exercise_file=own_file(exercise, loaded),
        image=image,
    )


def _require_image(context: click.Context, parameter: click.Parameter, value: str) -> str:
    from grader.lms.kit import is_image

    if not is_image(value):
        raise click.BadParameter(f"{value!r} is no name of an image, such as your-account/rnngrade:2026")
    return value
