"""`rnngrade author ...`: for those who write exercises."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from grader.cli import _output
from grader.cli._author_export import export_questions
from grader.cli._command import Group
from grader.cli._main import ExitCode
from grader.cli._options import FilePath, find_question, load_exercise, output_option
from grader.cli._output import ProgressBar, one_line, show
from grader.cli._variant import SAMPLE_WORD, Whose, load_variant, student_option, variant_option
from grader.cli._waiting import Waiting

if TYPE_CHECKING:
    from pathlib import Path

    from grader.authoring.release import QuestionKeys
    from grader.authoring.variant_findings import VariantAudit
    from grader.grading.examples import Audit
    from grader.kinds.training.question import TrainingParams
    from grader.model.exercise import Exercise, Question
    from grader.model.mistake import Identifiability
    from grader.specs.variants import Source


@click.group(
    cls=Group,
    examples=(
        "rnngrade author new --network lstm",
        "rnngrade author lint lstm.toml",
    ),
)
def command() -> None:
    """Tools for those who write exercises."""


command.add_command(export_questions)


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
        for line in (*one.mistakes, *one.told):
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
    from grader.specs.variants_lint import lint_variants

    with Waiting("drawing variants"):
        yield from lint_variants(_source(name), lambda code: load_exercise(name, variant=code))


def _source(name: str) -> Source:
    from grader import kinds, specs
    from grader.specs.load import read_source

    found = specs.find_exercise(name)
    return read_source(found.path, specs.Kinds(kinds.kind_names(), kinds.find_kind), found.shown_as)


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
    return load_variant(exercise, Whose(variant, student)).variant or None


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
    found = report_schema() if what == "report" else exercise_schema(kinds)
    _output.deliver(json.dumps(found, indent=2, ensure_ascii=False) + "\n", output)


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
    from grader.errors import SpecError
    from grader.networks.library import PREFIX, library_names, library_network
    from grader.networks.library.shown import shown
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
    _output.deliver(shown(wanted, library_network(wanted)), output)


@command.command(
    examples=(
        "rnngrade author audit mine.toml",
        "rnngrade author audit rnn-by-formula unroll",
        "rnngrade author audit rnn-paper --variants 50 --format json -o audit.json",
    ),
)
@click.argument("exercise")
@click.argument("question", required=False)
@click.option(
    "--variants",
    "n_variants",
    type=click.IntRange(0, 10_000),
    default=200,
    show_default=True,
    help="How many to draw, of an exercise that draws.",
)
@click.option(
    "--seconds", type=click.FloatRange(min=0), default=600, show_default=True, help="For these, at most."
)
@click.option(
    "--format",
    "format_name",
    type=click.Choice(["terminal", "json"]),
    default="terminal",
    show_default=True,
    help="How it is shown.",
)
@output_option
def audit(
    exercise: str,
    question: str | None,
    n_variants: int,
    seconds: float,
    format_name: str,
    output: Path | None,
) -> int:
    """Tell which mistakes EXERCISE, or one QUESTION of it, names, and whether its variants are alike.

    Marks the example answers: known mistakes that they show, wrong ones without a name, declared mistakes
    without an example. For questions about networks also the known mistakes that the question's own numbers
    cannot tell apart, or cannot show; for counts and traces with numbers that would.

    Of an exercise that draws its numbers many variants are made: whether each is solved by a right answer,
    how much they differ, how hard they are, and where a neighbour's answer is right. Ends with 2 where one
    cannot be made, is not solved, or an example is marked otherwise than written.
    """
    from grader.grading.examples import audit as audited
    from grader.grading.examples import outcome_of

    loaded = load_exercise(exercise, with_examples=True)
    asked = loaded.questions if question is None else (find_question(loaded, question),)
    with ProgressBar(sum(len(one.examples) for one in asked), "examples") as bar:
        found = []
        for one in asked:
            outcomes = []
            for example in one.examples:
                outcomes.append(outcome_of(loaded, one.id, example))
                bar.step()
            found.append(audited(one, outcomes))
    varied = None
    if loaded.varies and n_variants:
        varied = _audited_variants(exercise, loaded, [one.id for one in asked], n_variants, seconds)
    if format_name == "json":
        text = _audit_json(loaded, list(zip(asked, found, strict=True)), varied)
    else:
        lines = [line for both in zip(asked, found, strict=True) for line in _audit_lines(*both)]
        if varied is not None:
            from grader.cli._variant_audit import variant_lines

            lines += ["", *variant_lines(varied)]
        text = "".join(f"{one_line(line)}\n" for line in lines)
    _output.deliver(text, output)
    return ExitCode.FULL_MARKS if varied is None or varied.is_sound else ExitCode.USAGE


def _audited_variants(
    name: str, loaded: Exercise, ids: list[str], n_variants: int, seconds: float
) -> VariantAudit:
    from grader.authoring.variant_audit import Audited, audit_variants
    from grader.specs.variants import KEY, names_of_questions, plan_of

    source = _source(name)

    def load(code: str) -> Exercise:
        return load_exercise(name, with_examples=True, variant=code)

    draws = KEY in source.table
    audited = Audited(
        id=loaded.id,
        load=load,
        plan=plan_of(source) if draws else None,
        uses=names_of_questions(source) if draws else {},
        questions=tuple(ids),
    )
    with ProgressBar(n_variants, "variants") as bar:
        return audit_variants(audited, n_variants, seconds, bar.step)


def _audit_json(exercise: Exercise, found: list[tuple[Question, Audit]], varied: VariantAudit | None) -> str:
    import json

    import msgspec

    questions = [
        {"id": one.id, "label": one.label, "kind": one.kind, **_builtins(audit)} for one, audit in found
    ]
    variants = None if varied is None else {**msgspec.to_builtins(varied), "is_sound": varied.is_sound}
    table = {"exercise": exercise.id, "questions": questions, "variants": variants}
    return json.dumps(table, indent=2, ensure_ascii=False) + "\n"


def _builtins(audit: Audit) -> dict[str, Any]:
    import msgspec

    found: dict[str, Any] = msgspec.to_builtins(audit, enc_hook=str)
    return {**found, "nameless": [one._asdict() for one in audit.nameless]}


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


@command.command(
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
    _output.write_in_new_folder(target, made.text)
    for line in lines(made.questions, is_drawn=bool(loaded.values) and not loaded.variant):
        click.echo(one_line(line))
    click.echo(one_line(f"{target} is for students; {_kept(made.questions)}"))


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


def _kept(questions: Sequence[QuestionKeys]) -> str:
    from grader.model.text import counted

    n_keys = sum(len(one.keys) for one in questions)
    withheld = [one for one in questions if one.is_withheld]
    keys = f"{counted(n_keys, 'key')} can be read in it" if n_keys else "no key can be read in it"
    left = f"; {counted(len(withheld), 'question')} marked by your course only" if withheld else ""
    return keys + left


@command.command(
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


@command.command(
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


def _audit_lines(question: Question, found: Audit) -> Iterator[str]:
    """A line that names the question, and a line for each thing that is known of its mistakes."""
    from grader.model.text import counted

    examples = f"{counted(found.right, 'right example')}, {found.wrong} wrong"
    yield f"{question.label}  {question.id} ({question.kind}): {examples}"
    if found.named:
        yield f"  its examples are told: {', '.join(found.named)}"
    if found.wrong and not found.nameless:
        yield "  every wrong example is told a known mistake"
    for one in found.nameless:
        instead = f"; it is told {', '.join(one.codes)}" if one.codes else ""
        yield f"  no known mistake explains: {one.title}{instead}"
    if found.untried:
        yield f"  no example shows, though declared: {', '.join(found.untried)}"
    if found.hidden is not None:
        yield f"  its own numbers are held against {counted(len(found.hidden.alike), 'known mistake')}"
        for group in found.hidden.groups:
            yield f"  cannot be told apart: {', '.join(group)}"
        if found.hidden.invisible:
            yield f"  cannot be seen: {', '.join(found.hidden.invisible)}"
        if better := found.hidden.better or _better_values(question, found.hidden):
            yield f"  more could be told with: {better}"
        if not found.hidden.groups and not found.hidden.invisible:
            yield "  each is told from every other"


def _better_values(question: Question, hidden: Identifiability) -> str:
    """Other values of a hand trace that tell more; empty where none are known."""
    from grader.kinds.trace.question import TraceParams

    if not isinstance(question.params, TraceParams) or not (hidden.groups or hidden.invisible):
        return ""
    from grader.authoring.other_numbers import better_values
    from grader.kinds.trace.diagnose import cannot_tell

    return better_values(question.params, cannot_tell)
