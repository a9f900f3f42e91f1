"""Every question that comes along, on every platform: exported, or refused in words."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest

from grader.kinds import find_kind, kind_names
from grader.lms.exchange.export import PLATFORMS, export
from grader.lms.exchange.held import Blanks, NumberToFill, WordsToFill
from grader.lms.exchange.item import Item, NotExported, item_of
from grader.lms.exchange.of_question import REASONS
from grader.model.exercise import Exercise
from grader.model.kind import Answer
from grader.model.value import Text
from grader.specs import Kinds, find_exercise, list_exercises, load_exercise

IDS = tuple(listing.id for listing in list_exercises())
HELD = {"choice", "numeric", "count", "shape", "text"}


def exercise(id: str) -> Exercise:
    return load_exercise(find_exercise(id).path, Kinds(kind_names(), find_kind))


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("id", IDS)
def test_no_question_is_lost_without_a_word(id: str, platform: str):
    loaded = exercise(id)
    ids = [one.id for one in loaded.questions]
    found = export([loaded], ids, platform)
    held = [group[0].id.partition("/")[2] for group in found.groups]
    assert sorted([*held, *(one.question for one in found.refused)]) == sorted(ids)
    assert all(len(one.reason) > 20 for one in found.refused)
    assert bool(found.data) is bool(held)


def test_reasons_are_those_of_kinds_that_are_there_and_not_exported():
    assert set(kind_names()) >= REASONS.keys()
    assert not HELD & REASONS.keys()


def test_counts_are_those_of_arithmetic():
    (packed,) = (one for one in exercise("layers-and-directions").questions if one.id == "packed")
    item = item_of(exercise("layers-and-directions"), packed)
    assert isinstance(item, Item)
    assert isinstance(item.held.shape, Blanks)
    values = {one.name: one.value for one in item.held.shape.entries if isinstance(one, NumberToFill)}
    # Four gates, each with a row for each of 16 units, over 10 inputs and 16 states; and a bias for each.
    assert values == {"W": 4 * 16 * (10 + 16), "b": 4 * 16, "parameters": 4 * 16 * (10 + 16 + 1)}


@pytest.mark.parametrize(
    ("check", "is_held"),
    [
        ('values = {g = "1/3"}', False),
        ('values = {g = "1/3"}\nplaces = 3', True),
        ('values = {g = "3/8"}', True),
        ('values = {g = [1, "2/7"]}', False),
    ],
)
def test_a_fraction_that_no_decimal_says_is_refused(check: str, is_held: bool, pose: Callable[..., Exercise]):
    loaded = pose(check, "numeric", {"g": "the number"})
    item = item_of(loaded, loaded.questions[0])
    assert isinstance(item, Item) is is_held
    if isinstance(item, NotExported):
        assert "places" in item.reason
    elif "3/8" in check:
        assert isinstance(item.held.shape, Blanks)
        (entry,) = item.held.shape.entries
        assert entry == NumberToFill("g", Fraction(3, 8), Fraction(0))


def test_hints_that_have_to_be_earned_are_not_given_away(
    pose: Callable[..., Exercise], choice_table: dict[str, str]
):
    terms = '"3"\nhint_policy = {after = [0, 1]}'
    loaded = pose(choice_table["one"], points=terms, hint='"Think.", "It keeps."')
    item = item_of(loaded, loaded.questions[0])
    assert isinstance(item, Item)
    assert item.hints == ("Think.",)
    assert any("hints" in one for one in item.held.lost)


@pytest.mark.parametrize("axes", [["n"], ["n", "1"], ["n", "m"], ["m", "n", "k"], "2*n x n + m"])
def test_every_form_of_a_shape_that_is_exported_is_right_here_too(
    axes: list[str] | str, pose: Callable[..., Exercise]
):
    loaded = pose(f"sizes = {{n = 12, m = 3, k = 7}}\nshapes = {{W = {axes!r}}}", "shape", {"W": "a shape"})
    (question,) = loaded.questions
    item = item_of(loaded, question)
    assert isinstance(item, Item)
    assert isinstance(item.held.shape, Blanks)
    (entry,) = item.held.shape.entries
    assert isinstance(entry, WordsToFill)
    for form in entry.forms:
        answer = Answer(fields={"W": Text(form)})
        assert question.check.judge(question.params, answer).outcome.fraction == 1, form
