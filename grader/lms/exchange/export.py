"""An exercise as a file of questions for another platform."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from grader.lms.exchange.item import Item, NotExported, item_of
from grader.lms.exchange.moodle_xml import moodle_refusal, moodle_xml
from grader.lms.exchange.qti_elements import unreadable_formula
from grader.lms.exchange.qti_package import qti_package
from grader.model.exercise import Exercise

Group = tuple[Item, ...]
"""A question: one item, or one for each of its variants that differ."""


class Exported(NamedTuple):
    """The exported questions of an exercise, and those that were refused.

    Args:
        data: The file; empty where no question could be exported.
        groups: The questions that it holds.
        refused: The others.
    """

    data: bytes
    groups: tuple[Group, ...]
    refused: tuple[NotExported, ...]


class Platform(NamedTuple):
    """A platform for which a file can be made.

    Args:
        refusal: Why it cannot hold an item, or None.
        build: From an exercise and its items to the file.
    """

    refusal: Callable[[Item], str | None]
    build: Callable[[Exercise, Sequence[Group]], bytes]


def _no_qti(item: Item) -> str | None:
    tex = unreadable_formula(item.all_texts())
    return None if tex is None else f"the formula ${tex}$ cannot be written as MathML"


PLATFORMS = {
    "moodle": Platform(
        lambda item: moodle_refusal(item.held), lambda exercise, groups: moodle_xml(exercise.title, groups)
    ),
    "qti": Platform(_no_qti, lambda exercise, groups: qti_package(exercise.id, exercise.title, groups)),
}


def export(variants: Sequence[Exercise], question_ids: Sequence[str], platform: str) -> Exported:
    """The questions that a platform can hold, as a file, and the reasons of the others.

    Args:
        variants: The exercise; of one that draws the variants that are wanted, at least one.
        question_ids: The questions that are wanted.
        platform: One of `PLATFORMS`.
    """
    target = PLATFORMS[platform]
    groups: list[Group] = []
    refused: list[NotExported] = []
    for question_id in question_ids:
        group: dict[object, Item] = {}
        reasons: list[NotExported] = []
        for exercise in variants:
            question = next(one for one in exercise.questions if one.id == question_id)
            item = item_of(exercise, question)
            reason = item.reason if isinstance(item, NotExported) else target.refusal(item)
            if isinstance(item, NotExported) or reason is not None:
                reasons.append(NotExported(question.id, question.label, reason or ""))
            else:
                group.setdefault(item.content, item)
        if reasons:
            refused.append(reasons[0])
        else:
            groups.append(tuple(group.values()))
    data = target.build(variants[0], groups) if groups else b""
    return Exported(data, tuple(groups), tuple(refused))
