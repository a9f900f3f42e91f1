"""Step 5: gradients compared with our own, for general sizes, with a size of 1, and where they are large."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Annotated, Any, NamedTuple

import msgspec
import numpy as np
from msgspec import UNSET, UnsetType

from grader.errors import Unreadable
from grader.kinds.gradient.by_hand import judge_by_hand
from grader.kinds.gradient.question import GradientParams, in_standard_order, laid_out, trials
from grader.kinds.gradient.returned import ReturnedGradients, read_gradients
from grader.kinds.gradient.trials import TOLERANCE, GradientTrial
from grader.model.evidence import COUNTEREXAMPLE, LOCATION, Evidence, tried_on
from grader.model.kind import Answer, Judgement
from grader.model.outcome import Feedback
from grader.model.run import CallReading, Fault
from grader.networks.backward.gradients import Arrays, FloatArray
from grader.training.calls import (
    NOT_CALLED,
    WrongCall,
    attempt,
    judged,
    result_of,
    right_except,
    want_something,
)
from grader.training.task import rounded

# What is zero, or next to it beside the others, comes out of honest differences as some 1e-11.
LEAST = 1e-4
# Where only some gradients are right: this times the share of them that are.
SOME_RIGHT_SHARE = Fraction(3, 4)
# Right for general sizes and small errors, not where a size is 1 or gradients are large.
NEARLY_SHARE = Fraction(3, 4)
# As in a training.
KEEPS_STATE_SHARE = Fraction(1, 2)
# Of a second call these say nothing of what it would have given: a busy machine can cause them.
OUT_OF_TIME = (NOT_CALLED, Fault(kind="timeout", message="").code)
COLUMNS = Feedback(
    "columns",
    "The gradients were read transposed: rows of a parameter stand in columns of its gradient. That is "
    "accepted; give each gradient the shape of its parameter.",
)
KEPT = Feedback(
    "keeps-state",
    "A second call with the same arguments gives something else: something is kept from call to call.",
)


class GradientEvidence(Evidence, frozen=True, kw_only=True):
    """What a report shows of gradients: largest errors over largest entries, and the smallest wrong call."""

    errors: Annotated[dict[str, float | None] | UnsetType, LOCATION] = UNSET
    counterexample: Annotated[WrongCall | UnsetType, COUNTEREXAMPLE] = UNSET


class GradientAttempt(NamedTuple):
    """What came of one trial.

    Args:
        trial: What the function was called with.
        got: The gradients in rows, or None where it failed.
        errors: For each gradient the largest error over its largest entry; empty where it failed.
        failure: Why there are no gradients.
        repeats: Whether a second call gave the same.
        in_columns: Whether matrices came as columns.
    """

    trial: GradientTrial
    got: Arrays | None
    errors: Mapping[str, float] = {}
    failure: Unreadable | None = None
    repeats: bool = True
    in_columns: bool = False

    @property
    def is_right(self) -> bool:
        """Whether all gradients are right."""
        return self.got is not None and is_right(self.errors.values(), self.trial.tolerance)


class GradientFacts(NamedTuple):
    """What came of all trials, the smallest first."""

    attempts: tuple[GradientAttempt, ...]

    @property
    def general(self) -> list[GradientAttempt]:
        """Those on which mistakes are told apart."""
        return [one for one in self.attempts if one.trial.is_general]


def judge(params: GradientParams, answer: Answer) -> Judgement[Any]:
    """Right on every trial, or how much of it is right.

    Raises:
        Unreadable: If the function does not run or does not return gradients for general sizes.
    """
    if not params.function:
        return judge_by_hand(params, answer)
    asked = trials(params)
    facts = GradientFacts(
        tuple(_attempt(params, trial, call) for trial, call in zip(asked, answer.calls, strict=True))
    )
    general, attempts = facts.general, facts.attempts
    if any(one.failure for one in general):
        # What ends the program leaves later calls without a reason of their own.
        failed = [one.failure for one in (*general, *attempts) if one.failure is not None]
        raise next((one for one in failed if one.code != NOT_CALLED), failed[0])
    repeats = all(one.repeats for one in attempts)
    worst = {name: float(np.max([one.errors[name] for one in general])) for name in params.names}
    if all(one.is_right for one in general):
        feedback = _wrong_at_some_sizes(attempts)
        share = NEARLY_SHARE if feedback else Fraction(1)
        fraction = share if repeats else min(share, KEEPS_STATE_SHARE)
    else:
        feedback = [_wrong_gradients(attempts, worst)]
        fraction = SOME_RIGHT_SHARE * Fraction(len(right_names(general)), len(params.names))
    feedback += [] if repeats else [KEPT]
    feedback += [COLUMNS] if all(one.in_columns for one in general) else []
    errors = {name: rounded(error, 2) for name, error in worst.items()}
    return judged(facts, fraction, tried_on(len(attempts)), feedback, GradientEvidence(errors=errors))


def _attempt(params: GradientParams, trial: GradientTrial, call: CallReading) -> GradientAttempt:
    """Read both calls of a trial and compare the first with what is right and with the second.

    Raises:
        Unreadable: If there was no time left for the second.
    """
    wanted = {name: laid_out(params, trial, name, right) for name, right in trial.right.items()}

    def read(index: int) -> ReturnedGradients:
        value = result_of(call, params.signature, trial.title, index)
        return read_gradients(want_something(value, params.function), wanted, params.function)

    first = attempt(lambda: read(0))
    if isinstance(first, Unreadable):
        return GradientAttempt(trial, None, failure=first)
    got, in_columns = first
    errors, again = block_errors(got, wanted), attempt(lambda: read(1))
    if isinstance(again, Unreadable) and again.code in OUT_OF_TIME:
        raise again
    repeats = not isinstance(again, Unreadable) and is_right(
        block_errors(again.gradients, got).values(), trial.tolerance
    )
    # Numbers that are not finite are none to compare; they are wrong whatever a second call gives.
    repeats = repeats or not np.isfinite(list(errors.values())).all()
    kept = {name: in_standard_order(params, trial, name, one) for name, one in got.items()}
    return GradientAttempt(trial, kept, errors, repeats=repeats, in_columns=in_columns)


def block_errors(got: Arrays, right: Arrays) -> dict[str, float]:
    """Largest error of each gradient over its own largest entry; NaN where something is not a number."""
    largest = max((float(np.abs(one).max()) for one in right.values()), default=0.0)
    return {name: relative_error(got[name], one, LEAST * max(1.0, largest)) for name, one in right.items()}


def relative_error(got: FloatArray, right: FloatArray, least: float = LEAST) -> float:
    """The largest error over the largest entry.

    Args:
        got: What came.
        right: What is right.
        least: Taken for the largest entry where that is smaller.
    """
    with np.errstate(all="ignore"):
        error = float(np.abs(got - right).max())
    return error / max(float(np.abs(right).max()), least)


def is_right(errors: Iterable[float], tolerance: float = TOLERANCE) -> bool:
    """Whether all gradients are within the tolerance; NaN is not."""
    return all(error <= tolerance for error in errors)


def right_names(attempts: Iterable[GradientAttempt]) -> list[str]:
    """Names of the gradients that are right in all of them."""
    tried = [(one.errors, one.trial.tolerance) for one in attempts if one.got is not None]
    names = tried[0][0] if tried else ()
    return [name for name in names if all(is_right([errors[name]], tolerance) for errors, tolerance in tried)]


def _wrong_at_some_sizes(attempts: Iterable[GradientAttempt]) -> list[Feedback]:
    """Right for general sizes: what is wrong where a size is 1, and where errors are large."""
    wrong = [one for one in attempts if not one.is_right]
    small, large = ([one for one in wrong if one.trial.is_large is is_large] for is_large in (False, True))
    messages = []
    if small:
        one = right_except("It is right for larger sizes", small[0].trial.title, _what(small[0]))
        n_more = len(small) - 1
        others = "one other choice of sizes" if n_more == 1 else f"{n_more} other choices of sizes"
        more = f" So it is with {others} that have a 1 among them." if n_more else ""
        messages.append(msgspec.structs.replace(one, message=one.message + more))
    if large:
        title, what = large[0].trial.title, _what(large[0])
        messages.append(right_except("It is right for small errors", title, what, "wrong-where-large"))
    return messages


def _what(one: GradientAttempt) -> str:
    return "the gradients are wrong" if one.failure is None else one.failure.message


def _wrong_gradients(attempts: Iterable[GradientAttempt], errors: Mapping[str, float]) -> Feedback:
    if not np.isfinite(list(errors.values())).all():
        return Feedback("not-finite", "A gradient has an entry that is not a finite number.")
    right = right_names(attempts)
    wrong = [name for name in errors if name not in right]
    text = f"Wrong gradients: {', '.join(wrong)}; right: {', '.join(right) or 'none'}."
    worst = f"The largest error is {max(errors.values()):.2g} of its gradient's largest entry."
    return Feedback("wrong-gradient", f"{text} {worst}")
