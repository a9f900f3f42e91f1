"""`rnngrade stats`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from grader.cli import _output
from grader.cli._command import Command
from grader.cli._options import course_to_try_option, gradebook_option, output_option, require_instructor
from grader.cli._output import one_line
from grader.cli._progress import Waiting

if TYPE_CHECKING:
    from pathlib import Path

    from grader.classroom.similarity import Similarities
    from grader.classroom.statistics import QuestionStatistics, Statistics
    from grader.gradebook.course import Course
    from grader.gradebook.gradebook import Gradebook

BAR = 40
MOST_SHOWN = 20


@click.command(
    cls=Command,
    examples=(
        "rnngrade stats",
        "rnngrade stats --exercise rnn-by-formula --no-similar",
        "rnngrade stats --format json -o stats.json",
    ),
)
@gradebook_option
@course_to_try_option
@click.option("--exercise", help="This exercise only: its id, or its .toml file.")
@click.option(
    "--format",
    "format_name",
    type=click.Choice(["terminal", "json"]),
    default="terminal",
    show_default=True,
    help="How it is shown.",
)
@click.option("--similar/--no-similar", default=True, show_default=True, help="Look for similar submissions.")
@output_option
def command(
    gradebook: str,
    course: str | None,
    exercise: str | None,
    format_name: str,
    similar: bool,
    output: Path | None,
) -> None:
    """Show how a class did: each question, known mistakes, and submissions with something rare in common."""
    require_instructor()
    from grader.cli._class import checked_course_of, exercise_of
    from grader.gradebook.gradebook import open_gradebook
    from grader.gradebook.read_records import exercise_ids

    with open_gradebook(gradebook, must_exist=True, only_reads=True) as book:
        exercise = exercise_of(book, exercise)
        with book.reading() as connection:
            kept = exercise_ids(connection)
        policies = checked_course_of(book, course)
        chosen = [one for one in kept if exercise in (None, one)]
        with Waiting("comparing submissions" if similar else "counting"):
            found = [_figures(book, policies, one, is_similar=similar) for one in chosen]
    if format_name == "json":
        import json

        text = json.dumps([_record(*one) for one in found], indent=2, ensure_ascii=False) + "\n"
    else:
        text = "\n".join(_text(*one) for one in found)
    _output.deliver(text, output, gradebook)


def _figures(
    book: Gradebook, policies: Course, exercise: str, *, is_similar: bool
) -> tuple[Statistics, Similarities | None]:
    from grader.classroom.similarity import similarities, traces_of
    from grader.classroom.statistics import diagnoses_of, statistics
    from grader.cli._standings import read_standings

    found = read_standings(book, policies, exercise)
    with book.reading() as connection:
        diagnoses = diagnoses_of(connection, found)
        similar = similarities(traces_of(connection, found, diagnoses)) if is_similar else None
    return statistics(exercise, found, diagnoses), similar


def _record(figures: Statistics, similar: Similarities | None) -> dict[str, Any]:
    import msgspec

    more = {} if similar is None else {"similar": msgspec.to_builtins(similar)}
    return {**msgspec.to_builtins(figures), **more}


def _text(figures: Statistics, similar: Similarities | None) -> str:
    from grader.classroom.statistics import summary

    lines = [f"{figures.exercise}: {summary(figures)}"]
    lines += [f"  note: {warning}" for warning in figures.warnings]
    lines += ["", *_histogram(figures.histogram), "", *_questions(figures.questions)]
    if similar is not None:
        lines += ["", *_similar(similar)]
    return "".join(f"{line}\n" for line in lines)


def _histogram(counts: Sequence[int]) -> list[str]:
    most = max(*counts, 1)
    width = 100 // len(counts)
    return [
        f"  {at * width:3}-{(at + 1) * width:3} %  {count:5}  {'#' * round(BAR * count / most)}".rstrip()
        for at, count in enumerate(counts)
    ]


def _questions(questions: Sequence[QuestionStatistics]) -> list[str]:
    longest = max(len("question"), *(len(one.question) for one in questions))
    lines = [f"  {'question':{longest}}  mean share  discrimination  verdicts"]
    for one in questions:
        share = "-" if one.difficulty is None else f"{one.difficulty:.0%}"
        discrimination = "-" if one.discrimination is None else f"{one.discrimination:+.2f}"
        verdicts = ", ".join(f"{count} {verdict}" for verdict, count in one.verdicts.items())
        lines.append(f"  {one.question:{longest}}  {share:>10}  {discrimination:>14}  {verdicts}")
        lines += [f"  {'':{longest}}  {count:>10} x {name}" for name, count in one.diagnoses.items()]
    return lines


def _similar(similar: Similarities) -> list[str]:
    from grader.classroom.similarity import shared

    groups, pairs = similar.identical, similar.pairs
    if not groups and not pairs:
        return ["  No submissions have anything rare in common."]
    lines = ["  In common, and rare in this class (something to look at, not a finding):"]
    for group in groups[:MOST_SHOWN]:
        names = ", ".join(map(one_line, group[:MOST_SHOWN]))
        lines.append(f"  identical files: {names}" + (", ..." if len(group) > MOST_SHOWN else ""))
    lines += [f"  {one_line(' and '.join(one.students))}: {shared(one)}" for one in pairs[:MOST_SHOWN]]
    hidden = max(len(groups) - MOST_SHOWN, 0) + max(len(pairs) - MOST_SHOWN, 0)
    return [*lines, f"  and {hidden} more; --format json has all"] if hidden else lines
