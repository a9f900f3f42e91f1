"""`rnngrade hint ANSWER QUESTION`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from grader.cli import _output
from grader.cli._command import Command
from grader.cli._options import find_question, output_option
from grader.cli._variant import WhoseVariant, load_variant, variant_option
from grader.cli._wrapping import WIDEST, wrapped
from grader.errors import CannotDo

if TYPE_CHECKING:
    from pathlib import Path

    from grader.model.exercise import Question
    from grader.model.hints import HintOffer
    from grader.model.submission import Submission
    from grader.watching.own_record import OwnHints


@click.command(
    cls=Command,
    examples=(
        "rnngrade hint answer.py b_i",
        "rnngrade hint mit-6390-recitation-8 b_i --number 2",
        "rnngrade hint b_i --exercise week3.toml",
    ),
)
@click.argument("exercise", metavar="[ANSWER|EXERCISE]")
@click.argument("question", required=False, metavar="QUESTION")
@click.option(
    "--exercise", "given", help="Which exercise it is: an id from `rnngrade list`, or a .toml file."
)
@click.option(
    "--number", type=click.IntRange(min=1), default=1, show_default=True, help="Which of its hints."
)
@click.option("--take", is_flag=True, help="Take a hint that costs points.")
@variant_option
@output_option
def command(
    exercise: str,
    question: str | None,
    given: str | None,
    number: int,
    take: bool,
    variant: str | None,
    output: Path | None,
) -> None:
    """Show a hint for QUESTION, the first unless another is asked for.

    In front of it stands your ANSWER, which says what exercise it is for, or EXERCISE itself: an id from
    `rnngrade list` or the path of a .toml file. Where hints are to be earned or paid for, give your answer:
    what you were shown is kept in a small file beside it. It is a reminder; your course's own record counts.
    """
    first, wanted = (None, exercise) if question is None else (exercise, question)
    chosen, read = _exercise(first, given)
    loaded = load_variant(chosen, WhoseVariant(variant, answer=read))
    found = find_question(loaded, wanted)
    _require_there(found, number)
    from grader.model.hints import hint_offer
    from grader.watching.own_record import OwnHints

    is_kept = first is not None and _is_answer(first) and found.has_terms
    own = OwnHints(first, loaded, _output.note) if first is not None and is_kept else None
    offer = hint_offer(found.terms, number, (), 0) if own is None else own.offer(found, number)
    _require_offered(found, offer, is_taken=take, is_known=own is not None)
    lines = _lines(found, number)
    if own is not None:
        own.add_shown(found, offer)
        lines += [] if found.terms[number - 1].is_free else _cost_lines(own, offer)
    _output.deliver("\n".join(lines) + "\n", output)


def _exercise(first: str | None, given: str | None) -> tuple[str, Submission | None]:
    """The exercise that is named by --exercise, by an answer, or itself; and the answer."""
    if first is None:
        if given is None:
            raise click.UsageError(
                "of which exercise? Put your answer in front: rnngrade hint answer.py QUESTION"
            )
        return given, None
    if not _is_answer(first):
        if given is not None and given != first:
            raise click.UsageError(f"{first} and --exercise {given} name two exercises; leave one out")
        return first, None
    from grader.cli._answer import choose_exercise, collected

    answer = collected(first, None, is_exercise_given=given is not None)
    return choose_exercise(answer, given).name, answer


def _is_answer(name: str) -> bool:
    """Whether a word names a student's file or folder, and not an exercise."""
    from grader.submissions.answer_files import has_answer_suffix

    is_folder = os.path.isdir(name) and not os.path.isfile(os.path.join(name, "exercise.toml"))
    return has_answer_suffix(name) or is_folder


def _require_there(question: Question, number: int) -> None:
    from grader.model.text import counted

    count = len(question.hints)
    if number > count:
        has = counted(count, "hint") if count else "no hints"
        raise click.UsageError(f"{question.id} has {has}; there is no number {number}")


def _require_offered(question: Question, offer: HintOffer, *, is_taken: bool, is_known: bool) -> None:
    """Refuse a hint that is not to be had yet, or not without a word; says how it is to be had."""
    from grader.model.share import points_text
    from grader.model.text import counted
    from grader.reports.wording import cost_text, terms_text

    what = f"hint {offer.number} of {question.id}"
    if not is_known and offer.state not in ("open", "shown"):
        how = terms_text(question.terms[(offer.first or offer.number) - 1])
        first = f"hint {offer.first} comes first; it" if offer.state == "order" else "it"
        raise CannotDo(f"{what}: {first} {how}", f"name your answer: rnngrade hint answer.py {question.id}")
    if offer.state == "order":
        raise CannotDo(f"{what}: hint {offer.first} comes first", f"--number {offer.first}")
    if offer.state == "later":
        after = counted(offer.more, "more attempt")
        cost = f" and costs {cost_text(offer.cost)}" if offer.cost else ""
        marks = "an attempt is another answer in which rnngrade submit can read the question"
        raise CannotDo(f"{what} comes after {after}{cost}", marks)
    if offer.state == "costs" and not is_taken:
        raise CannotDo(
            f"{what} costs {cost_text(offer.cost)} of its {points_text(question.points)}", "--take shows it"
        )


def _lines(question: Question, number: int) -> list[str]:
    from grader.reports.wording import terms_text

    count = len(question.hints)
    hint = f"Hint {number} of {count} for {question.id}: {question.hints[number - 1]}"
    width, is_ascii = min(_output.width(), WIDEST), not _output.can_show("ᵗₜ")
    lines = wrapped(hint, width, is_ascii=is_ascii)
    if number < count:
        terms = question.terms[number]
        how = "" if terms.is_free else f"; it {terms_text(terms)}"
        lines += ["", f"--number {number + 1} shows the next one{how}."]
    return lines


def _cost_lines(own: OwnHints, offer: HintOffer) -> list[str]:
    """Lines that say what the hint costs, that it is noted, and whose record counts."""
    from grader.reports.wording import cost_text

    if offer.state == "shown":
        return ["", f"It was shown before ({own.name}): to see it again costs nothing."]
    costs = f"It costs {cost_text(offer.cost)}. " if offer.cost else ""
    return ["", f"{costs}It is noted in {own.name}, for you; what your course has recorded counts."]
