"""What is said of intermediate values that were handed in, and of what does not follow from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import NamedTuple

from grader.answers.numbers import ExactNumber
from grader.answers.rounding import credit_of, decimals_of, is_rounding_of
from grader.answers.sequences import Entry
from grader.kinds.trace.layers import Layer
from grader.kinds.trace.question import TraceParams, expected
from grader.model.outcome import Feedback
from grader.model.text import joined
from grader.networks.follow_through import Followed, VariableAt, Withheld
from grader.networks.hand_trace import HandTrace

WHERE = "In your intermediate values"
WHY_WITHHELD: dict[Withheld, str] = {
    "bare": "what was fed back there is not right, and next to 0 or ±1 throughout",
    "impossible": "what was fed back there is no value that its activation takes",
}


class Work(NamedTuple):
    """A hand trace as handed in.

    Args:
        trace: What was to be worked out.
        asked: The variables that are marked.
        intermediate: All others that were handed in and could be read.
        followed: What follows from what, by variable; empty where that was not looked for.
    """

    trace: HandTrace
    asked: Mapping[str, Layer]
    intermediate: Mapping[str, Layer]
    followed: Mapping[str, Followed]

    @property
    def in_order(self) -> list[str]:
        """What was handed in, in the order in which a step computes it."""
        order = [name for group in self.trace.network.groups for name in group.names]
        return [name for name in order if name in self.asked or name in self.intermediate]

    def rows(self, is_one: Callable[[Followed, int], bool]) -> list[VariableAt]:
        """The rows of which something was found, step by step."""
        return [
            VariableAt(name, t)
            for t in range(self.trace.n_steps)
            for name in self.in_order
            if (found := self.followed.get(name)) and t < len(found.is_slip) and is_one(found, t)
        ]


def row_name(trace: HandTrace, name: str, t: int) -> str:
    """How a row is called: "h(1)"; "y" for a value after all steps.

    Args:
        trace: The network.
        name: Of the variable.
        t: The step, from 0 on.
    """
    return name if trace.is_static(name) else f"{name}({t + 1})"


def wrong_intermediate_values(work: Work) -> list[VariableAt]:
    """The rows of intermediate values that are not right by themselves, step by step."""
    return [
        VariableAt(name, t)
        for t in range(work.trace.n_steps)
        for name in work.in_order
        if name in work.intermediate and t in work.intermediate[name].wrong_rows
    ]


def remarks(work: Work, params: TraceParams, is_solved: bool) -> list[Feedback]:
    """All that is said beside the marks of single values.

    Args:
        work: As handed in.
        params: The question.
        is_solved: Whether everything that was asked is right.
    """
    return [*_withheld(work), *_copied(work), *_on_intermediate_values(work, params, is_solved)]


def _withheld(work: Work) -> list[Feedback]:
    """What was not taken to follow."""
    messages = []
    for why, reason in WHY_WITHHELD.items():
        rows = [row for row in work.rows(_is_withheld) if work.followed[row.name].withheld[row.t] == why]
        if rows:
            steps = ", ".join(dict.fromkeys(str(row.t + 1) for row in rows))
            text = f"Step {steps} was held against the right values alone: {reason}."
            messages.append(Feedback("not-followed", text))
    return messages


def _is_withheld(found: Followed, t: int) -> bool:
    return bool(found.withheld[t])


def _copied(work: Work) -> list[Feedback]:
    """What is right and does not follow from the wrong values before it, as if it had been copied."""
    rows = work.rows(lambda found, t: found.is_copied[t])
    if not rows:
        return []
    names = ", ".join(row_name(work.trace, *row) for row in rows)
    text = f"{names}: right, but does not follow from the wrong values handed in before it."
    return [Feedback("does-not-follow", text, "staff")]


def _on_intermediate_values(work: Work, params: TraceParams, is_solved: bool) -> list[Feedback]:
    """A remark that the intermediate values are right, or where it first goes wrong."""
    if not work.intermediate:
        return []
    names, wrong = joined(tuple(work.intermediate)), wrong_intermediate_values(work)
    if not wrong:
        text = f"Your intermediate values {names} are right at every step"
        verb = "follows" if len(work.asked) == 1 else "follow"
        source = names if len(work.intermediate) == 1 else "them"
        text += "." if is_solved else f", so look at how {joined(tuple(work.asked))} {verb} from {source}."
        return [Feedback("working-right", text)]
    first = row_name(work.trace, *wrong[0])
    if _is_coarse(work, params):
        text = f"Your intermediate values {names} have fewer decimals than were asked, first in {first}."
        return [Feedback("working-step", text)]
    text = f"{WHERE} {_where(work, wrong)}" + ("" if is_solved else " Look there first.")
    return [Feedback("working-step", text)]


def _where(work: Work, wrong: list[VariableAt]) -> str:
    """Where the slip is, as far as what follows tells it."""
    first = row_name(work.trace, *wrong[0])
    slips = work.rows(lambda found, t: found.is_slip[t])
    in_intermediate = [place for place in slips if place.name in work.intermediate]
    if wrong[0] not in slips:
        # A value that is wrong but follows is no slip: the slip is in an asked value that was read before it.
        asked = (place for place in slips if place.name in work.asked)
        cause = next((place for place in asked if _at(work, place) < _at(work, wrong[0])), None)
        if cause:
            return f"the slip is in {row_name(work.trace, *cause)}; {first} follows rightly from it."
    if in_intermediate == wrong[:1] and wrong[0].t + 1 < work.trace.n_steps:
        later = wrong[0].name if len(work.intermediate) == 1 else "values"
        return f"the slip is in {first}; all later {later} follow rightly from it."
    return f"{first} is the first step that is not right."


def _at(work: Work, place: VariableAt) -> tuple[int, int]:
    """Where a row stands in the order of computing."""
    return place.t, work.in_order.index(place.name)


def _is_coarse(work: Work, params: TraceParams) -> bool:
    """Whether every value that is not right would be right if fewer decimals had been asked."""
    for name, layer in work.intermediate.items():
        for row, slips, right in zip(layer.steps, layer.slips, expected(params)[name].tolist(), strict=True):
            for entry, slip, wanted in zip(row, slips, right, strict=True):
                if credit_of(slip) == 1:
                    continue
                if not _is_coarse_entry(entry, Fraction(wanted), params.places):
                    return False
    return True


def _is_coarse_entry(entry: Entry, wanted: Fraction, places: int) -> bool:
    if not isinstance(entry, ExactNumber):
        return False
    written = decimals_of(entry.value)
    return written is not None and written < places and is_rounding_of(entry.value, wanted, written)
