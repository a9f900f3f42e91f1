"""`rnngrade author ...`: for those who write exercises."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from grader.cli import _output
from grader.cli._author_audit import audit, source_of
from grader.cli._author_for_others import export_questions, release
from grader.cli._author_training import bands, weights
from grader.cli._command import Group
from grader.cli._main import ExitCode
from grader.cli._options import FilePath, load_exercise, output_option
from grader.cli._output import one_line, show
from grader.cli._progress import ProgressBar, Waiting
from grader.cli._variant import WhoseVariant, load_variant, student_option, variant_option

if TYPE_CHECKING:
    from pathlib import Path

    from grader.model.exercise import Exercise


@click.group(
    cls=Group,
    examples=(
        "rnngrade author new --network lstm",
        "rnngrade author lint lstm.toml",
    ),
)
def command() -> None:
    """Tools for those who write exercises."""


for part in (audit, bands, export_questions, release, weights):
    command.add_command(part)


@command.command(
    examples=(
        "rnngrade author lint mine.toml",
        "rnngrade author lint rnn-by-formula",
    ),
)
@click.argument("exercise")
def lint(exercise: str) -> int:
    """Check an exercise file and mark its own example answers.

    Tells which example is not marked as EXERCISE says, which formulas cannot be shown in a terminal or on a
    page, and which of its networks no question names. Of an exercise that draws, it makes 20 variants, and
    tells of names that nothing uses or declares, and of numbers that would be misread. Ends with 0 if all is
    as written, else with 2.
    """
    from grader.grading.examples import check_examples
    from grader.model.text import counted
    from grader.specs.lint import lint as sentences

    loaded = load_exercise(exercise, with_examples=True)
    remarks = [*sentences(loaded), *_lint_of_variants(exercise, loaded), *_without_examples(loaded)]
    total = sum(len(question.examples) for question in loaded.questions)
    wrong = []
    with ProgressBar(total, "examples") as bar:
        for mismatch in check_examples(loaded):
            bar.step()
            if mismatch is not None:
                wrong.append(mismatch)
    for one in wrong:
        click.echo(one_line(f"question {one.question!r}, example {one.title!r}:"))
        for line in (*one.mistakes, *one.feedback):
            click.echo(f"  {one_line(line)}")
    are = "is" if (len(wrong) or total) == 1 else "are"
    for sentence in remarks:
        click.echo(one_line(sentence))
    if wrong:
        click.echo(f"{len(wrong)} of {counted(total, 'example')} {are} not marked as {exercise} says")
        return ExitCode.USAGE
    click.echo(f"{counted(total, 'example')} {are} marked as {exercise} says")
    return ExitCode.USAGE if remarks else ExitCode.FULL_MARKS


def _lint_of_variants(name: str, loaded: Exercise) -> Iterator[str]:
    if not loaded.values:
        return
    from grader.specs.lint import lint_variants

    with Waiting("drawing variants"):
        yield from lint_variants(source_of(name), lambda code: load_exercise(name, variant=code))


def _without_examples(exercise: Exercise) -> Iterator[str]:
    """What tells of each question that no right, or no wrong, answer shows that it is marked as meant."""
    if exercise.is_edition:
        yield "it is a student's edition, which has no examples; lint the full exercise"
        return
    for question in exercise.questions:
        if question.kind == "text":  # never called right or wrong by the machine
            continue
        verdicts = [example.verdict for example in question.examples]
        for is_right, word in ((True, "right"), (False, "wrong")):
            if not any((verdict == "correct") is is_right for verdict in verdicts):
                yield f"question {question.id!r}: no example is {word}; add one, in the file or in examples/"


@command.command(
    examples=(
        "rnngrade author preview mine.toml",
        "rnngrade author preview mine.toml --port 8000",
        "rnngrade author preview rnn-paper --student s4711 --once > s4711.html",
    ),
)
@click.argument("exercise")
@student_option
@variant_option
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Of the page. [default: a free one]")
@click.option("--once", is_flag=True, help="Print the page, and end.")
def preview(exercise: str, student: str | None, variant: str | None, port: int, once: bool) -> None:
    """Show EXERCISE in the browser, anew whenever it is saved; Ctrl-C ends.

    The page is what students see, with all hints, and with what `author lint` says of its formulas. Of an
    exercise that draws, it shows the sample or one variant, and what was drawn. It is served on this machine
    only.
    """
    import contextlib
    import threading
    from pathlib import Path

    from grader.authoring.preview import preview_page, serving
    from grader.specs import find_exercise

    wanted = _previewed_code(exercise, student, variant)

    def load() -> Exercise:
        return load_exercise(exercise, variant=wanted)

    if once:
        show(preview_page(load))
        return
    file = Path(str(find_exercise(exercise).path))
    if not file.is_file():
        raise click.UsageError(f"there is no exercise file {file}")
    try:
        with serving(file, load, port) as address:
            click.echo(f"{address} shows {one_line(exercise)} on every save; Ctrl-C ends")
            with contextlib.suppress(KeyboardInterrupt):
                threading.Event().wait()
    except OSError as error:
        raise click.ClickException(f"port {port} cannot be used: {error.strerror}") from None


def _previewed_code(exercise: str, student: str | None, variant: str | None) -> str | None:
    if student is None and variant is None:
        return None
    if student is not None and variant is not None:
        raise click.UsageError("give --student or --variant, not both")
    return load_variant(exercise, WhoseVariant(variant, student)).variant or None


@command.command(
    examples=(
        "rnngrade author schema exercise > exercise.schema.json",
        "rnngrade author schema report",
    ),
)
@click.argument("what", type=click.Choice(("exercise", "report")))
@output_option
def schema(what: str, output: Path | None) -> None:
    """Print the JSON Schema of an exercise file or of a JSON report.

    An editor that knows it completes and checks an exercise file while it is written.
    """
    import json

    from grader import kinds as checks
    from grader import specs
    from grader.reports.json_report import report_schema
    from grader.specs.schema import exercise_schema

    kinds = specs.Kinds(checks.kind_names(), checks.find_kind)
    found = _published(report_schema() if what == "report" else exercise_schema(kinds))
    _output.deliver(json.dumps(found, indent=2, ensure_ascii=False) + "\n", output)


def _published(schema: Any) -> Any:
    """The same schema; some versions of msgspec keep the indentation that a docstring has in its source."""
    import inspect

    if isinstance(schema, list):
        return [_published(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: _published(one) for key, one in schema.items()}
    if isinstance(made.get("description"), str):
        made["description"] = inspect.cleandoc(made["description"])
    return made


@command.command(
    examples=(
        "rnngrade author networks",
        "rnngrade author networks lstm",
    ),
)
@click.argument("name", required=False)
@output_option
def networks(name: str | None, output: Path | None) -> None:
    """List the networks that come along, or show the one called NAME.

    An exercise names one as library/NAME. Shown are its equations, shapes, number of parameters, source and
    a drawing of it.
    """
    from grader.authoring.named_network import network_description
    from grader.errors import SpecError
    from grader.networks.library import PREFIX, library_names, library_network
    from grader.specs.decoding import did_you_mean

    names = library_names()
    if name is None:
        longest = max(map(len, names))
        lines = (f"{one:{longest}}  {library_network(one).title}\n" for one in names)
        _output.deliver("".join(lines), output)
        return
    wanted = f"{PREFIX}{name.removeprefix(PREFIX)}"
    if wanted not in names:
        hint = did_you_mean(wanted, names) or "`rnngrade author networks` lists them"
        raise SpecError(f"no network that comes along is called {name!r}", hint)
    _output.deliver(network_description(wanted, library_network(wanted)), output)


@command.command(
    examples=(
        "rnngrade author new --network lstm",
        "rnngrade author new --network networks.toml#mine --kinds trace,code -o mine.toml",
    ),
)
@click.option(
    "--network",
    "network_name",
    required=True,
    metavar="NAME",
    help='One that comes along, such as "lstm", or "networks.toml#lstm" of a file.',
)
@click.option(
    "--kinds",
    default="trace,code,count,shape",
    show_default=True,
    metavar="KINDS",
    help="Kinds of question, with commas between them.",
)
@click.option(
    "-o", "--output", type=FilePath(), help="The new file; - for the terminal. [default: NAME.toml]"
)
@click.option("--force", is_flag=True, help="Replace a file that is already there.")
def new(network_name: str, kinds: str, output: Path | None, force: bool) -> None:
    """Write a first exercise file about a network.

    One question of each kind, with numbers that tell mistakes apart, and with right and wrong answers that
    are computed and marked. It lints clean; prompts and points are for you to go on from.
    """
    from grader.authoring.named_network import find_network
    from grader.authoring.new_exercise import new_exercise

    found = find_network(network_name)
    from pathlib import Path

    target = output or Path(f"{found.name}.toml")
    if not force and target.exists():
        raise click.UsageError(f"{target} is already there; --force replaces it")
    wanted = [kind.strip() for kind in kinds.split(",") if kind.strip()]
    text = new_exercise(found.name, found.table, found.source, list(dict.fromkeys(wanted)))
    if str(target) == "-":
        show(text)
        return
    _output.write(target, text, overwrite=force)
    click.echo(f"{target} is ready: change it, then run  rnngrade author lint {target}")
