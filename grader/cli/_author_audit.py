"""`rnngrade author audit`: which mistakes an exercise names, and whether its variants are alike."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from grader.cli import _output
from grader.cli._command import Command
from grader.cli._main import ExitCode
from grader.cli._options import find_question, load_exercise, output_option
from grader.cli._output import one_line
from grader.cli._progress import ProgressBar

if TYPE_CHECKING:
    from pathlib import Path

    from grader.authoring.variant_findings import VariantAudit
    from grader.grading.examples import Audit
    from grader.model.exercise import Exercise, Question
    from grader.model.mistake import Identifiability
    from grader.specs.variants import Source


@click.command(
    "audit",
    cls=Command,
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

    source = source_of(name)

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


def source_of(name: str) -> Source:
    """An exercise file as it is written, before anything is drawn.

    Args:
        name: An id or a path, as typed.
    """
    from grader import kinds, specs
    from grader.specs.load import read_source

    found = specs.find_exercise(name)
    return read_source(found.path, specs.Kinds(kinds.kind_names(), kinds.find_kind), found.shown_as)


def _audit_lines(question: Question, found: Audit) -> Iterator[str]:
    """A line that names the question, then the findings on its known mistakes, one a line."""
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
