"""Variants of rnn-paper: its examples hold in each, and a neighbour's numbers are wrong.

The suite takes few; `pytest -m slow tests/exercises/test_rnn_paper_variants.py` takes 200.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from string import ascii_uppercase
from typing import Any

import pytest

from grader.grading import mark
from grader.grading.examples import check_examples
from grader.kinds import find_kind, kind_names
from grader.model.exercise import Exercise
from grader.model.submission import AnswerFile, Submission
from grader.specs import Kinds, find_exercise, load_exercise
from grader.variants.code import code_of

FEW, MANY = 3, 200
NUMBERS = ("shapes", "trace", "slope", "leak", "echo")
RIGHT = {
    "structures": {"review": "last", "tagging": "both", "typing": "each", "translation": "pair"},
    "unrolled": {"summed": True, "other-length": True, "first-step": True},
    "fading": ["grows", "turns", "leaky", "tanh", "sigmoid"],
}
"""Of questions whose letters differ, by id; statements that are not named are false."""


@functools.lru_cache(maxsize=8)
def variant(number: int) -> Exercise:
    path, kinds = find_exercise("rnn-paper").path, Kinds(kind_names(), find_kind)
    code = code_of(f"student {number}", "rnn-paper", b"of no course")
    return load_exercise(path, kinds, with_examples=True, variant=code)


def verdict(exercise: Exercise, question_id: str, answer: str) -> str:
    submission = Submission(
        student="example", files=(AnswerFile("answer.py", answer.encode()),), digest="sha256:0"
    )
    return str(
        next(one for one in mark(exercise, submission).questions if one.id == question_id).outcome.verdict
    )


def by_letter(exercise: Exercise, question_id: str) -> str:
    """The right answer by the letters of this variant."""
    params: Any = next(one.params for one in exercise.questions if one.id == question_id)
    letters = dict(zip(params.options, ascii_uppercase, strict=False))
    right: Any = RIGHT[question_id]
    if question_id == "structures":
        return f"structures = {[letters[right[item]] for item in params.items]}"
    if question_id == "unrolled":
        return f"unrolled = {[id in right for id in params.options]}"
    return f"fading = {[letters[id] for id in right]}"


def right_answers(exercise: Exercise) -> Iterator[tuple[str, str]]:
    """Questions that differ between students, each with a right answer that has this variant's numbers."""
    for question in exercise.questions:
        if question.id in NUMBERS:
            yield question.id, next(one.answer for one in question.examples if one.verdict == "correct")
        elif question.id in RIGHT:
            yield question.id, by_letter(exercise, question.id)


def require_examples_to_hold(number: int) -> None:
    wrong = [one for one in check_examples(variant(number)) if one is not None]
    assert wrong == []


def require_own_numbers(number: int) -> int:
    """How many of a student's questions the neighbour's right answer fails in; the own one in none."""
    mine, neighbour = variant(number), variant(number + 1)
    for question_id, answer in right_answers(mine):
        assert verdict(mine, question_id, answer) == "correct", question_id
    theirs = {
        question_id: verdict(mine, question_id, answer) for question_id, answer in right_answers(neighbour)
    }
    # Both hold infinitely many answers or few numbers: only these can be right for both.
    assert theirs["trace"] != "correct"
    assert theirs["slope"] != "correct"
    return sum(one != "correct" for one in theirs.values())


@pytest.mark.parametrize("number", range(FEW))
def test_examples_are_marked_as_their_files_say_in_a_few_variants(number: int) -> None:
    require_examples_to_hold(number)


@pytest.mark.parametrize("number", range(FEW))
def test_what_is_right_for_a_neighbour_is_not_right_in_a_few_variants(number: int) -> None:
    assert require_own_numbers(number) >= 5


@pytest.mark.slow
@pytest.mark.parametrize("number", range(MANY))
def test_examples_are_marked_as_their_files_say_in_200_variants(number: int) -> None:
    require_examples_to_hold(number)


@pytest.mark.slow
def test_what_is_right_for_a_neighbour_is_not_right_in_200_variants() -> None:
    failed = [require_own_numbers(number) for number in range(MANY)]
    assert min(failed) >= 3
    assert sum(failed) / MANY > 6
