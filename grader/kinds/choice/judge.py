"""How much of a choice is right, without saying which option would have been."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, NamedTuple

import msgspec

from grader.answers.claims import read_flag
from grader.errors import Unreadable
from grader.kinds.choice.question import (
    COUNTED,
    ChoiceParams,
    credit_of,
    credit_rule,
    item_labels,
    option_labels,
)
from grader.kinds.choice.reading import read_given, read_label, read_labels, read_true_ones
from grader.mathematics.prose import readable
from grader.model.evidence import LOCATION, PROVED, Evidence, Level
from grader.model.kind import Answer, Judgement
from grader.model.outcome import Feedback, Outcome, verdict_for
from grader.model.text import counted, joined
from grader.model.value import Opaque, Text, Value


class ChoiceEvidence(Evidence, frozen=True, kw_only=True):
    """What a report shows of a choice: what was read and how much of it is right, never the right one."""

    chosen: Annotated[list[str] | dict[str, str] | dict[str, bool], LOCATION]
    n_right: Annotated[int | msgspec.UnsetType, LOCATION] = msgspec.UNSET
    order: Annotated[list[str] | msgspec.UnsetType, LOCATION] = msgspec.UNSET


class ChoiceFacts(NamedTuple):
    """What was chosen.

    Args:
        chosen: Ids of options, or what each option or item was given.
        n_right: How much is right.
        n_wrong: How much is given and wrong.
        total: How much could be right.
        explained: Wrongly chosen options whose reason may be told.
    """

    chosen: list[str] | dict[str, str] | dict[str, bool]
    n_right: int
    n_wrong: int
    total: int
    explained: list[str]


def judge(params: ChoiceParams, answer: Answer) -> Judgement[ChoiceFacts]:
    """Mark by the question's own rule of credit.

    Raises:
        Unreadable: If an option is not known, could be more than one, or is given where none fits.
    """
    facts = READERS[params.style](params, answer.fields[params.field])
    fraction = credit_of(params, facts.n_right, facts.n_wrong, facts.total)
    if params.style == "several" and params.right and not facts.chosen:
        fraction = Fraction(0)
    outcome = Outcome(
        verdict=verdict_for(fraction),
        fraction=fraction,
        basis=PROVED,
        feedback=() if fraction == 1 else _feedback(params, facts),
        evidence=(_evidence(params, facts),),
    )
    return Judgement(outcome, facts)


def _evidence(params: ChoiceParams, facts: ChoiceFacts) -> ChoiceEvidence:
    told = params.credit == "each"
    return ChoiceEvidence(
        chosen=facts.chosen,
        n_right=facts.n_right if told else msgspec.UNSET,
        order=list(params.options) if params.shuffle else msgspec.UNSET,
    )


def _feedback(params: ChoiceParams, facts: ChoiceFacts) -> tuple[Feedback, ...]:
    what = COUNTED[params.style]
    if params.style == "one":
        told = "The option that you chose is not right."
    elif params.credit == "all":
        told = f"Not every {what} is right. {credit_rule(params)}"
    else:
        is_are = "is" if facts.n_right == 1 else "are"
        told = f"{facts.n_right} of {counted(facts.total, what)} {is_are} right. {credit_rule(params)}"
    # Of a statement with two values, to say that one is wrong is to say which is right.
    level: Level = "working" if params.style == "true-false" else "counterexample"
    labels = option_labels(params)
    reasons = (
        Feedback("why", f"{labels.mark(id)}: {readable(params.why[id])}", level=level)
        for id in facts.explained
        if id in params.why
    )
    return (Feedback("wrong", told), *reasons)


def _one(params: ChoiceParams, value: Value) -> ChoiceFacts:
    chosen = list(dict.fromkeys(read_labels(value, option_labels(params), params.field)))
    if len(chosen) != 1:
        number = counted(len(chosen), "option")
        raise Unreadable(
            f"{number} where one was wanted", "give the letter of one", params.field, "not-one-choice"
        )
    is_right = chosen == list(params.right)
    return ChoiceFacts(chosen, int(is_right), int(not is_right), 1, [] if is_right else chosen)


def _several(params: ChoiceParams, value: Value) -> ChoiceFacts:
    chosen = list(dict.fromkeys(read_labels(value, option_labels(params), params.field)))
    wrong = set(chosen) ^ set(params.right)
    total = len(params.options)
    picked = [id for id in chosen if id not in params.right]
    return ChoiceFacts(chosen, total - len(wrong), len(wrong), total, picked)


def _true_or_false(params: ChoiceParams, value: Value) -> ChoiceFacts:
    labels = option_labels(params)
    if (named := read_true_ones(value, labels, params.field)) is not None:
        given = {id: id in named for id in labels.texts}
    else:
        given = read_given(value, labels, params.field, lambda one: _truth(one, params), "True or False")
    right = {id for id, flag in given.items() if flag == (id in params.right)}
    wrong = [id for id in given if id not in right]
    return ChoiceFacts(given, len(right), len(wrong), len(params.options), wrong)


def _truth(value: Value, params: ChoiceParams) -> bool:
    """Of a statement right and wrong say the same as true and false."""
    word = value.text.strip().rstrip(".!").casefold() if isinstance(value, Text) else ""
    return SAID_OF_STATEMENTS[word] if word in SAID_OF_STATEMENTS else read_flag(value, params.field)


def _matched(params: ChoiceParams, value: Value) -> ChoiceFacts:
    options = option_labels(params)
    given = read_given(
        value,
        item_labels(params),
        params.field,
        lambda one: read_label(one, options, params.field),
        "one letter",
    )
    n_right = sum(params.pairs[id] == option for id, option in given.items())
    return ChoiceFacts(given, n_right, len(given) - n_right, len(params.items), [])


def _ordered(params: ChoiceParams, value: Value) -> ChoiceFacts:
    labels = option_labels(params)
    if isinstance(value, Opaque) and value.members:
        raise Unreadable("a set has no order", 'write a list: ["B", "A"]', params.field, "not-an-order")
    chosen = list(read_labels(value, labels, params.field))
    left_out = [labels.mark(id) for id in params.options if id not in chosen]
    if left_out or len(chosen) > len(params.options):
        told = f"{joined(left_out)} left out" if left_out else "an option stands there twice"
        raise Unreadable(told, "put every option in order, each once", params.field, "not-an-order")
    n_right = sum(one == other for one, other in zip(chosen, params.right, strict=True))
    return ChoiceFacts(chosen, n_right, len(chosen) - n_right, len(chosen), [])


SAID_OF_STATEMENTS = {"right": True, "correct": True, "wrong": False, "incorrect": False}
READERS = {
    "one": _one,
    "several": _several,
    "true-false": _true_or_false,
    "matching": _matched,
    "ordering": _ordered,
}
