"""What is asked: a choice among options that are written in the exercise."""

from __future__ import annotations

from fractions import Fraction
from string import ascii_uppercase
from typing import Literal, TypeAlias

import msgspec

from grader.errors import Unreadable
from grader.kinds.choice.reading import Labels, read_label
from grader.model.kind import Asks, Params
from grader.model.text import joined
from grader.model.value import Text

Style: TypeAlias = Literal["one", "several", "true-false", "matching", "ordering"]


class ChoiceParams(Params, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Parameters of `choice`.

    Args:
        style: One option, any number of them, each true or false, one for each item, or all in order.
        options: What each says, by id, in the order in which they are shown: A, B, C and so on.
        items: For matching, what an option is wanted for, by id: 1, 2, 3 and so on.
        right: The right option; those that are right or true; or all of them in their right order.
        pairs: For matching, the id of each item's option.
        why: Why an option is wrong, by id; for what is true or false, what is the case.
        credit: "all": all points or none. "each": each option, item or place counts the same.
        negative: Whether with "each" what is wrong takes off as much as what is right earns, never below 0.
        field: Name of the field.
    """

    style: Style = "one"
    options: dict[str, str]
    items: dict[str, str] = msgspec.field(default_factory=dict)
    right: tuple[str, ...] = ()
    pairs: dict[str, str] = msgspec.field(default_factory=dict)
    why: dict[str, str] = msgspec.field(default_factory=dict)
    credit: Literal["all", "each"] = "all"
    negative: bool = False
    field: str = "choice"

    def __post_init__(self) -> None:
        if not self.field.isidentifier():
            raise ValueError(f"field: {self.field!r} cannot be the name of a field")
        least = 1 if self.style == "true-false" else 2
        if not least <= len(self.options) <= len(ascii_uppercase):
            raise ValueError(f"options: there are {len(self.options)}; wanted {least} to 26")
        _check_labels(option_labels(self), "options")
        _check_labels(item_labels(self), "items")
        _check_key(self)
        _check_credit(self)


def _check_labels(labels: Labels, where: str) -> None:
    """Each option has to be found by its id, its letter and its text, and no other one with it."""
    for id, text in labels.texts.items():
        if len(id) < 2 or id.isdigit():
            raise ValueError(
                f"{where}: {id!r} would be mixed up with the letters and numbers shown; "
                "take an id of 2 characters or more"
            )
        if not text.strip():
            raise ValueError(f"{where}.{id} has no text")
        if "![" in text:
            raise ValueError(f"{where}.{id}: put the picture into the prompt, and name it here")
        for written in (id, text, labels.mark(id)):
            try:
                read_label(Text(written), labels, where)
            except Unreadable as error:
                raise ValueError(f"{where}.{id}: {error.message}; write it differently") from None


def _check_key(params: ChoiceParams) -> None:
    style, options = params.style, params.options
    if (style == "matching") != bool(params.items) or (style == "matching") != bool(params.pairs):
        raise ValueError("items and pairs are for matching, which needs both")
    if style == "matching" and params.right:
        raise ValueError("right: for matching the key is written in pairs")
    named = (*params.right, *params.pairs.values(), *params.why)
    if unknown := [id for id in named if id not in options]:
        raise ValueError(f"{unknown[0]!r} is no option; they are {joined(options)}")
    if len(set(params.right)) < len(params.right):
        raise ValueError("right names an option twice")
    if style == "one" and len(params.right) != 1:
        raise ValueError(f"right names {len(params.right)} options; for one option it names 1")
    if style == "ordering" and len(params.right) != len(options):
        raise ValueError("right: for ordering it names every option, in the right order")
    if style == "matching" and params.pairs.keys() != params.items.keys():
        raise ValueError("pairs: wanted the option of each item, and of no other")
    if params.why and style in ("matching", "ordering"):
        raise ValueError("why: for matching and ordering no option is wrong by itself")
    if style != "true-false" and (told := [id for id in params.why if id in params.right]):
        raise ValueError(f"why.{told[0]}: this option is right; reasons are for wrong ones")


def _check_credit(params: ChoiceParams) -> None:
    if params.style == "one" and params.credit == "each":
        raise ValueError("credit: where one option is wanted there is nothing to share")
    if params.negative and params.credit == "all":
        raise ValueError('negative: only with credit = "each" can something be taken off')


def option_labels(params: ChoiceParams) -> Labels:
    """The options with the letters under which they are shown."""
    return Labels("option", params.options, tuple(ascii_uppercase[: len(params.options)]))


def item_labels(params: ChoiceParams) -> Labels:
    """The items of a matching with the numbers under which they are shown."""
    return Labels("item", params.items, tuple(str(n) for n in range(1, len(params.items) + 1)))


def asks(params: ChoiceParams) -> Asks:
    """One field."""
    return Asks(fields=(params.field,))


def shown(params: ChoiceParams) -> str:
    """The items and options as they are read below the prompt, with how they are answered and credited."""
    lists = [labels for labels in (item_labels(params), option_labels(params)) if labels.texts]
    lines = [f"**{labels.mark(id)}.** {text}" for labels in lists for id, text in labels.texts.items()]
    return "\n\n".join([*lines, f"{HOW[params.style]} {credit_rule(params)}"])


HOW: dict[Style, str] = {
    "one": "Choose one, by its letter or its text.",
    "several": "Choose all that are right, as a list of letters or texts; `[]` if none is.",
    "true-false": "Say of each whether it is true: `[True, False, ...]` in this order, or by letter.",
    "matching": "Give each number the letter of an option: a list in the order of the numbers.",
    "ordering": "Put all in order: a list of letters or texts.",
}
COUNTED: dict[Style, str] = {
    "one": "",
    "several": "option",
    "true-false": "statement",
    "matching": "item",
    "ordering": "place",
}


def credit_rule(params: ChoiceParams) -> str:
    """How the points are given, a sentence."""
    if params.credit == "all":
        return "All points or none."
    rule = f"Each {COUNTED[params.style]} counts the same"
    if params.negative:
        rule += "; one that is wrong takes off as much, never below 0 in all"
    nothing = " Choosing nothing earns nothing unless nothing is right." if params.style == "several" else ""
    return f"{rule}.{nothing}"


def credit_of(params: ChoiceParams, n_right: int, n_wrong: int, total: int) -> Fraction:
    """The share of the points.

    Args:
        params: The question.
        n_right: What is right.
        n_wrong: What is given and wrong.
        total: What could be right.
    """
    if params.credit == "all":
        return Fraction(n_right == total)
    taken = n_wrong if params.negative else 0
    return max(Fraction(n_right - taken, total), Fraction(0))
