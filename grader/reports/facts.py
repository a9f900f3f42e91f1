"""The evidence of a question as typed facts, read from its JSON once for the terminal and for pages.

A report keeps its evidence as plain JSON values. Facts that are absent or malformed are left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from grader.networks.drawn import UnrolledDrawing
from grader.reports.printable import literal

# A longer table hides what matters.
ROWS_BEFORE, ROWS_AFTER = 6, 1
DIGITS = 6


class StoredCounterexample(NamedTuple):
    """The smallest input that shows that an answer is wrong.

    Args:
        inputs: By name, or the only one.
        wanted: What is right for it: a row a step, several arrays by name, or any one value.
        got: The student's value.
        wrong_step: The first wrong step, from 1; None where there is none.
        wrong_names: Of several arrays those that are wrong.
        sizes: How many sequences N and steps T there are, where that is known.
    """

    inputs: Any
    wanted: Any
    got: Any
    wrong_step: int | None
    wrong_names: frozenset[str]
    sizes: Mapping[str, object]

    @property
    def named_inputs(self) -> dict[str, Any]:
        """The inputs by name; the only one is x."""
        if isinstance(self.inputs, dict):
            return self.inputs
        return {} if self.inputs is None else {"x": self.inputs}

    @property
    def is_by_name(self) -> bool:
        """Whether several arrays are asked by name."""
        return isinstance(self.wanted, dict) and isinstance(self.got, dict)

    @property
    def is_by_sequence(self) -> bool:
        """Whether what was returned has a row for each of N sequences, and not one for each step."""
        return self.sizes.get("N") == len(self.wanted) != self.sizes.get("T")


def counterexample_of(evidence: Mapping[str, Any]) -> StoredCounterexample | None:
    """The counterexample of a question; None where it has none."""
    found = evidence.get("counterexample")
    if not isinstance(found, dict):
        return None
    step, keys_right, sizes = (found.get(key) for key in ("first_wrong_step", "keys_right", "sizes"))
    right = keys_right if isinstance(keys_right, dict) else {}
    return StoredCounterexample(
        inputs=found.get("inputs"),
        wanted=found.get("expected"),
        got=found.get("got"),
        wrong_step=step if isinstance(step, int) else None,
        wrong_names=frozenset(name for name, is_right in right.items() if is_right is False),
        sizes=sizes if isinstance(sizes, dict) else {},
    )


class Prediction(NamedTuple):
    """One output of a trained network on a sequence for show, step by step, and what is wanted."""

    predicted: list[object]
    wanted: list[object]


def predictions_of(evidence: Mapping[str, Any]) -> list[Prediction]:
    """The outputs that are shown, in their order; none where there are none."""
    series = evidence.get("series")
    if not isinstance(series, dict) or not {"predicted", "wanted"} <= set(series):
        return []
    return [Prediction(*both) for both in zip(series["predicted"], series["wanted"], strict=False)]


class LossCurve(NamedTuple):
    """The losses of a training.

    Args:
        losses: At least two.
        apart: How far two are apart, in words.
    """

    losses: list[object]
    apart: str


def loss_curve_of(evidence: Mapping[str, Any]) -> LossCurve | None:
    """The losses that a student handed in; None where there are none."""
    losses, every = evidence.get("losses"), evidence.get("every", 1)
    if not isinstance(losses, list) or len(losses) < 2:
        return None
    return LossCurve(losses, f"every {every} epochs" if isinstance(every, int) and every > 1 else "an epoch")


def unrolled_of(evidence: Mapping[str, Any]) -> UnrolledDrawing | None:
    """The network up to the first wrong step; None where there is nothing to draw.

    Raises:
        msgspec.ValidationError: If it is broken.
    """
    found = evidence.get("unrolled")
    if not isinstance(found, dict) or not found.get("layers"):
        return None
    return msgspec.convert(found, UnrolledDrawing)


def steps_around(total: int, wrong_step: int | None) -> list[int]:
    """The steps up to the first wrong one and a little after, counted from 1.

    Args:
        total: How many there are.
        wrong_step: The first wrong one, if any is.
    """
    middle = wrong_step if wrong_step and 1 <= wrong_step <= total else 1
    first = max(1, middle - ROWS_BEFORE)
    last = min(total, max(middle + ROWS_AFTER, first + ROWS_BEFORE))
    return list(range(first, last + 1))


def first_different(wanted: Sequence[object], got: Sequence[object]) -> int:
    """The first row, from 1, in which more differs than the last digits; the first one where none does.

    Args:
        wanted: The right rows.
        got: The student's rows, as many.
    """
    rows = enumerate(zip(wanted, got, strict=True), 1)
    return next((row for row, (one, own) in rows if literal(one, DIGITS) != literal(own, DIGITS)), 1)


def step_texts(wanted: object, got: object) -> tuple[str, str]:
    """Both values of a step, with as many digits as it takes to tell them apart.

    Args:
        wanted: The right one.
        got: The student's value.
    """
    short = literal(wanted, DIGITS), literal(got, DIGITS)
    if short[0] == short[1] and wanted != got:
        return literal(wanted), literal(got)
    return short


def row_texts(wanted: object, got: object, *, before_wrong: bool) -> tuple[str, str]:
    """As `step_texts`, for a row of a table; before the first wrong row last digits do not matter.

    Args:
        wanted: The right one.
        got: The student's value.
        before_wrong: Whether a later row is the first wrong one.
    """
    return (literal(wanted, DIGITS), literal(got, DIGITS)) if before_wrong else step_texts(wanted, got)
