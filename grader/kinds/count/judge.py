"""Each count by itself: exact for all sizes, or for the sizes that are given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from grader.errors import Unreadable
from grader.formula.compare import Sameness, compare
from grader.formula.marking.growth import judge_growth, right_growth
from grader.formula.marking.judge import JudgedField, judge_formula, outcome_of
from grader.formula.marking.reading import read_back
from grader.formula.tree import Formula, Sum
from grader.kinds.count.known_counts import comparing
from grader.kinds.count.question import (
    TOTAL,
    CountParams,
    asks,
    given_formula,
    names_of,
    network_in,
    right_formula,
)
from grader.model.kind import Answer, Judgement
from grader.model.outcome import Feedback


def judge(params: CountParams, answer: Answer) -> Judgement[tuple[JudgedField, ...]]:
    """Mark each field by itself; each counts the same.

    Raises:
        Unreadable: If no field that was given can be read.
    """
    given: dict[str, Formula] = {}
    fields: list[JudgedField] = []
    unreadable: list[Unreadable] = []
    for name in asks(params).fields:
        if name not in answer.fields:
            fields.append(JudgedField(name, "missing", (Feedback("missing-field", f"{name} is not given."),)))
            continue
        try:
            if name in params.orders:
                right = right_growth(f"big_o.{name}", params.orders[name], names_of(params))
                fields.append(judge_growth(name, answer.fields[name], right, names_of(params)))
                continue
            given[name], text = given_formula(params, answer.fields[name], name)
            right = right_formula(params, name)
            judged = judge_formula(comparing(params), name, given[name], right, text)
            said = read_back(name, text, names_of(params))
            fields.append(judged._replace(feedback=(*said, *judged.feedback)))
        except Unreadable as error:
            reason = Unreadable(error.message, error.hint, name, error.code)
            unreadable.append(reason)
            fields.append(JudgedField(name, "unreadable", (Feedback(reason.code, str(reason)),)))
    if unreadable and len(unreadable) == len(answer.fields):
        raise unreadable[0]
    followed = tuple(_followed(params, field, fields, given) for field in fields)
    return Judgement(outcome_of(followed), followed)


def _followed(
    params: CountParams, field: JudgedField, fields: Sequence[JudgedField], given: Mapping[str, Formula]
) -> JudgedField:
    """The total, right where it is the sum of what the student counts for every parameter.

    At least half of those have to be right: all zeros add up, too.
    """
    if field.name != TOTAL or field.what != "wrong":
        return field
    parts = network_in(params).parameters
    n_right = sum(one.what == "right" for one in fields if one.name in parts)
    if 2 * n_right < len(parts) or parts.keys() - given:
        return field
    total, how = Sum(tuple(given[name] for name in parts)), comparing(params)
    if compare(given[TOTAL], total, how.domain, how.seed).sameness is not Sameness.SAME:
        return field
    text = f"{TOTAL} is not right, but it is the sum of your own counts: it counts as right."
    return JudgedField(field.name, "right", (Feedback("follows-from-own", text),))
