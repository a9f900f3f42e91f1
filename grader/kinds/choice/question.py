"""What is asked: a choice among options that are written in the exercise."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from string import ascii_uppercase
from typing import Literal, TypeAlias

import msgspec

from grader.errors import Unreadable
from grader.kinds.choice.reading import Labels, looks_like_mark, read_label
from grader.mathematics.prose import Picture, pieces
from grader.model.control import Control, Pick, PickEach
from grader.model.kind import Asks, Order, Params
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
        shuffle: Whether each student sees the options in an order of his or her own.
        pinned: Ids of options that keep their place then, such as "none of these".
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
    shuffle: bool = False
    pinned: tuple[str, ...] = ()
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
        _check_shuffle(self)


def _check_labels(labels: Labels, where: str) -> None:
    """Each option has to be found by its id, its letter and its text, and no other one with it."""
    for id, text in labels.texts.items():
        if len(id) < 2 or id.isdigit():
            raise ValueError(
                f"{where}: {id!r} would be mixed up with the letters and numbers shown; "
                "take an id of 2 characters or more"
            )
        if not text.strip():
            raise ValueError(f"{where}.{id} has no text, or only a picture without words")
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


def _check_shuffle(params: ChoiceParams) -> None:
    if params.pinned and not params.shuffle:
        raise ValueError("pinned: without shuffle = true every option keeps its place")
    if unknown := [id for id in params.pinned if id not in params.options]:
        raise ValueError(f"pinned: {unknown[0]!r} is no option; they are {joined(params.options)}")
    labels = option_labels(params)
    for id, text in labels.texts.items() if params.shuffle else ():
        if looks_like_mark(id, labels) or looks_like_mark(text, labels):
            raise ValueError(f"options.{id} could be taken for a letter once shuffled; write it differently")
        if id not in params.pinned and OF_THE_ABOVE.search(text):
            raise ValueError(
                f"options.{id} speaks of those above it; add {id!r} to pinned, or write it otherwise"
            )


OF_THE_ABOVE = re.compile(
    r"\b(?:of|all|both) the above\b|\bof the others above\b|\babove options\b", re.IGNORECASE
)


def shuffled(params: ChoiceParams, order: Order) -> ChoiceParams:
    """The question with its options in a student's order.

    Args:
        params: As declared.
        order: From ids to the same ids in that order.
    """
    if not params.shuffle:
        return params
    moved = iter(order(tuple(id for id in params.options if id not in params.pinned)))
    ids = [id if id in params.pinned else next(moved) for id in params.options]
    return msgspec.structs.replace(params, options={id: params.options[id] for id in ids})


def option_labels(params: ChoiceParams) -> Labels:
    """The options with the letters under which they are shown."""
    return Labels("option", _in_words_of(params.options), tuple(ascii_uppercase[: len(params.options)]))


def item_labels(params: ChoiceParams) -> Labels:
    """The items of a matching with the numbers under which they are shown."""
    return Labels("item", _in_words_of(params.items), tuple(str(n) for n in range(1, len(params.items) + 1)))


def _in_words_of(texts: Mapping[str, str]) -> dict[str, str]:
    """What each says; for a picture, what is seen on it."""
    return {id: _in_words(text) if "![" in text else text for id, text in texts.items()}


def _in_words(text: str) -> str:
    parts = (one.seen if isinstance(one, Picture) else one for one in pieces(text))
    return "".join(one if isinstance(one, str) else f"${one.tex}$" for one in parts).strip()


def asks(params: ChoiceParams) -> Asks:
    """One field, or what each option or item is given in its place."""
    named = {"matching": item_labels(params), "true-false": option_labels(params)}.get(params.style)
    marks = () if named is None else (*named.marks, *(mark.lower() for mark in named.marks))
    return Asks(
        fields=(params.field,), parts=() if named is None else tuple(dict.fromkeys((*named.texts, *marks)))
    )


def shown(params: ChoiceParams) -> str:
    """The items and options as they are read below the prompt, with how they are answered and credited."""
    lists = ((item_labels(params), params.items), (option_labels(params), params.options))
    lines = [f"**{labels.mark(id)}.** {text}" for labels, texts in lists for id, text in texts.items()]
    return "\n\n".join([*lines, f"{HOW[params.style]} {credit_rule(params)}"])


def shown_with_controls(params: ChoiceParams) -> str:
    """How points are given; where options stand in a list to choose from, which has no formulas, they too."""
    labels = option_labels(params)
    lines = [f"**{labels.mark(id)}.** {text}" for id, text in params.options.items()]
    return "\n\n".join([*(lines if params.style in ("matching", "ordering") else ()), credit_rule(params)])


HOW: dict[Style, str] = {
    "one": "Choose one, by its letter or its text.",
    "several": "Choose all that are right, as a list of letters or texts; `[]` if none is.",
    "true-false": 'Say of each if it is true: `[True, False, ...]` in this order, or `{"A": True, ...}`.',
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


def controls(params: ChoiceParams) -> dict[str, Control]:
    """Buttons to press, or for matching and ordering a list for each item or place."""
    labels = option_labels(params)
    options = dict(labels.texts)
    lettered = {id: f"{labels.mark(id)}. {text}" for id, text in options.items()}
    match params.style:
        case "one" | "several":
            made: Control = Pick(options, is_one=params.style == "one")
        case "true-false":
            made = PickEach(options, {"true": "true", "false": "false"}, is_list=True)
        case "matching":
            made = PickEach(dict(item_labels(params).texts), lettered)
        case "ordering":
            places = {str(place): f"place {place}" for place in range(1, len(options) + 1)}
            made = PickEach(places, lettered, is_list=True)
    return {params.field: made}
