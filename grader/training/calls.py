"""What a call of a student's function gave, or why it gave nothing."""

from __future__ import annotations

from grader.errors import Unreadable
from grader.model.run import CallReading, Fault
from grader.model.value import Nothing, Value


def result_of(reading: CallReading, signature: str, sizes: str = "") -> Value:
    """What the first call returned.

    Args:
        reading: Of the calls.
        signature: How it was called, "bptt(x, y, U, W, V, b, c)", for messages.
        sizes: Of what it was called with, "64 sequences of 100 steps", for messages.

    Raises:
        Unreadable: If it did not return: code "does-not-run-..." with the kind of fault.
    """
    if reading.results:
        return reading.results[0]
    raise not_run(reading.fault, signature, sizes)


def not_run(fault: Fault | None, signature: str, sizes: str = "") -> Unreadable:
    """Why a call gave nothing, to the student."""
    if fault is None:
        return Unreadable("it was not called", code="does-not-run-not-run")
    place = f"{fault.where}: " if fault.where else ""
    hint = f"it is called as {signature}"
    if fault.kind == "timeout":
        hint = "look for a loop that never ends, and for Python loops over single numbers"
    elif fault.kind != "exception" or "argument" not in fault.message:
        hint = f"called with {sizes}" if sizes else ""
    return Unreadable(f"{place}{fault.message.rstrip('.')}", hint or None, code=f"does-not-run-{fault.kind}")


def want_something(value: Value, function: str) -> Value:
    """The value, if the function returned any.

    Raises:
        Unreadable: If it returned None.
    """
    if isinstance(value, Nothing):
        raise Unreadable("it returns None", "end the function with return", function, "returns-none")
    return value
