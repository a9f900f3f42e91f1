"""Calling a student's function: how an exercise file names it, the calls to make, and what came back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any, ClassVar, TypeVar

import msgspec
from msgspec import UNSET, UnsetType

from grader.answers.drawing import instance_seed
from grader.errors import Unreadable
from grader.model.evidence import Basis, Evidence
from grader.model.kind import Asks, Judgement, KindExample
from grader.model.outcome import Feedback, Outcome, verdict_for
from grader.model.run import Call, CallReading, Fault
from grader.model.value import Nothing, Number, Value

T = TypeVar("T")
NOT_CALLED = "does-not-run-not-run"


class CalledFunction:
    """Beside a kind's parameters: the student's function that it calls, and from which seed it is tried.

    Subclasses name their kind and the function's arguments, and have the fields `function` and `seed`.
    """

    __slots__ = ()
    kind: ClassVar[str]
    arguments: ClassVar[str]
    function: str
    seed: int

    @property
    def signature(self) -> str:
        """How the function is called, for messages: "bptt(x, y, U, W, V, b, c)"."""
        return f"{self.function}({self.arguments})"

    @property
    def instance_seed(self) -> int:
        """The seed of what the function is tried on; with a secret of the course nobody else can draw it."""
        return instance_seed(f"{self.kind}/{self.function}", self.seed)

    def require_name(self) -> None:
        """Raise ValueError if the function's name is none."""
        if not self.function.isidentifier():
            raise ValueError(f"function is {self.function!r}, which is no name")


def asks_for_function(params: CalledFunction) -> Asks:
    """The function alone."""
    return Asks(function=params.function)


def call(
    *args: Value, kwargs: dict[str, Value] | None = None, times: int = 1, returns_arguments: bool = False
) -> Call:
    """A call of the question's function, which grading fills in."""
    return Call(
        question="",
        function=(),
        args=args,
        kwargs=kwargs or {},
        times=times,
        returns_arguments=returns_arguments,
    )


def whole(number: int) -> Number:
    """A whole number as an argument."""
    return Number(str(number), "int")


def real(number: float) -> Number:
    """A float as an argument."""
    return Number(repr(number), "float")


def result_of(reading: CallReading, signature: str, sizes: str = "", index: int = 0) -> Value:
    """What a call returned.

    Args:
        reading: Of the calls.
        signature: How it was called, "bptt(x, y, U, W, V, b, c)", for messages.
        sizes: Of what it was called with, "64 sequences of 100 steps", for messages.
        index: Which of the calls with the same arguments, from 0.

    Raises:
        Unreadable: If it did not return: code "does-not-run-..." with the kind of fault.
    """
    if index < len(reading.results):
        return reading.results[index]
    raise not_run(reading.fault, signature, sizes)


def not_run(fault: Fault | None, signature: str, sizes: str = "") -> Unreadable:
    """Why a call gave nothing, to the student."""
    if fault is None:
        return Unreadable("it was not called", code=NOT_CALLED)
    hint = f"it is called as {signature}"
    if fault.kind == "timeout":
        hint = "look for a loop that never ends, and for Python loops over single numbers"
    elif fault.kind != "exception" or "argument" not in fault.message:
        hint = f"called with {sizes}" if sizes else ""
    return Unreadable(fault.text.rstrip("."), hint or None, code=fault.code)


def want_something(value: Value, function: str, what: str = "") -> Value:
    """The value, if the function returned any.

    Args:
        value: What was returned.
        function: The function's name.
        what: What it is to return, "x, y"; left out where that goes without saying.

    Raises:
        Unreadable: If it returned None.
    """
    if isinstance(value, Nothing):
        hint = f"end the function with return {what}".rstrip()
        raise Unreadable("it returns None", hint, function, "returns-none")
    return value


def attempt(read: Callable[[], T]) -> T | Unreadable:
    """The result of reading something, or the reason why it cannot be read."""
    try:
        return read()
    except Unreadable as failure:
        return failure


def right_except(right: str, sizes: str, wrong: str, code: str = "wrong-at-size-one") -> Feedback:
    """A sentence for a function that works in some sizes only: "It is right for larger sizes, but ...".

    Args:
        right: Where it is right, a sentence without its end.
        sizes: With which sizes it is not.
        wrong: What happens there.
        code: Of the feedback.
    """
    return Feedback(code, f"{right}, but with {sizes}: {wrong}.")


def judged(
    facts: T, fraction: Fraction, basis: Basis, feedback: Iterable[Feedback], *evidence: Evidence
) -> Judgement[T]:
    """A decision with the share of the points that it is worth.

    Args:
        facts: What was read and decided.
        fraction: The share.
        basis: What it rests on.
        feedback: In the order to be read.
        evidence: For the report.
    """
    outcome = Outcome(
        verdict=verdict_for(fraction),
        fraction=fraction,
        basis=basis,
        feedback=tuple(feedback),
        evidence=evidence,
    )
    return Judgement(outcome, facts)


def examples_of(params: dict[str, Any], source: str) -> Callable[..., KindExample]:
    """Makes a kind's examples: `example(title, before, after, verdict, code)`.

    Args:
        params: The question of all of them.
        source: A right answer, in which `before` is replaced by `after`.
    """

    def example(title: str, before: str, after: str, verdict: str, code: str | None = None) -> KindExample:
        assert before in source
        return KindExample(title, params, source.replace(before, after), verdict, code)

    return example


class WrongCall(msgspec.Struct, frozen=True, kw_only=True):
    """A call whose result is wrong, as a report shows it; arrays are nested lists.

    Args:
        inputs: What it was called with, by name.
        sizes: Of the arguments, by name.
        step: Number of the step that was asked for.
        expected: What was wanted, by the names in the student's code.
        got: What was returned; None where the call failed.
        what: Why it failed.
        keys_right: Which of the results are right.
        first_wrong_key: The first that is not.
        first_wrong_step: The step, from 1, at which an output is first wrong.
        output: Which one, from 1.
    """

    inputs: Any
    sizes: Any = UNSET
    step: int | UnsetType = UNSET
    expected: Any
    got: Any
    what: str | UnsetType = UNSET
    keys_right: dict[str, bool] | UnsetType = UNSET
    first_wrong_key: str | UnsetType | None = UNSET
    first_wrong_step: int | UnsetType = UNSET
    output: int | UnsetType = UNSET
