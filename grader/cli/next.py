"""`rnngrade next ANSWER`."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import click

from grader.cli import _output
from grader.cli._answer import UNTOUCHED, is_untouched, taken
from grader.cli._command import Command
from grader.cli._options import find_question
from grader.cli._progress import Waiting
from grader.cli._variant import variant_option
from grader.cli._wrapping import WIDEST, wrapped
from grader.cli.submit import exit_code

if TYPE_CHECKING:
    from grader.model.exercise import Question
    from grader.model.report import QuestionReport


@click.command(
    cls=Command,
    examples=(
        "rnngrade next answer.py",
        "rnngrade next answer.py --exercise week3.toml",
    ),
)
@click.argument("answer")
@click.option("--exercise", help="Which exercise it answers: an id from `rnngrade list`, or a .toml file.")
@variant_option
def command(answer: str, exercise: str | None, variant: str | None) -> int:
    """Say what to do next: the first question of ANSWER that is not solved.

    ANSWER is marked as by `rnngrade submit`; the exit code is that of `submit`, too.
    """
    submission, loaded, named, _ = taken(answer, exercise, variant)
    from fractions import Fraction

    from grader import grading
    from grader.reports.next_step import next_question, nothing_left
    from grader.reports.wording import total_text

    with Waiting("marking"):
        report = grading.mark(loaded, submission)
    verdicts = {one.id: one.outcome.verdict for one in report.questions}
    following = next_question(verdicts)
    if following is None:
        _output.show(f"{total_text(report)}. {nothing_left(verdicts)}\n")
        return exit_code(report, Fraction(1))
    question = find_question(loaded, following)
    marked = next(one for one in report.questions if one.id == following)
    own = f" --variant {loaded.variant}" if loaded.variant else ""
    given = (f" --exercise {_quoted(named)}" if exercise is not None else "") + (own if variant else "")
    lines = [
        *_step(question, marked, is_untouched=is_untouched(submission)),
        "",
        *_commands(question, answer, named, own, given),
    ]
    _output.show("\n".join(lines) + "\n")
    return exit_code(report, Fraction(1))


def _step(question: Question, marked: QuestionReport, *, is_untouched: bool) -> list[str]:
    """The question, what to do about it, what was found, and the beginning of its prompt."""
    from grader.model.outcome import Verdict
    from grader.reports.next_step import next_line, short_prompt
    from grader.reports.question_text import headline_and_details

    width, is_ascii = min(_output.width(), WIDEST), not _output.can_show("ᵗₜ")
    lines = wrapped(next_line(marked), width)
    if marked.outcome.verdict is not Verdict.MISSING:
        lines += headline_and_details(marked, _output.view(0, None))[1].split("\n")
    lines += wrapped(UNTOUCHED, width) if is_untouched else []
    return [*lines, "", *wrapped(short_prompt(question.prompt, is_ascii=is_ascii), width, "  ")]


def _commands(question: Question, answer: str, exercise: str, of_exercise: str, of_answer: str) -> list[str]:
    """What to type next; behind an exercise, and behind an answer, stand options of their own."""
    rows = [(f"rnngrade show {_quoted(exercise)} {question.id}{of_exercise}", "the whole question")]
    if question.hints:
        whose = _quoted(exercise) if answer == "-" else _quoted(answer)
        options = of_exercise if answer == "-" else of_answer
        rows.append((f"rnngrade hint {whose} {question.id}{options}", "a first hint"))
    if answer != "-":
        rows.append((f"rnngrade watch {_quoted(answer)}{of_answer}", "mark it whenever you save it"))
    longest = max(len(command) for command, _ in rows)
    return [f"  {command:{longest}}  {what}" for command, what in rows]


def _quoted(word: str) -> str:
    """A word as it is typed into a shell, on one line."""
    return _output.one_line(shlex.quote(word))
