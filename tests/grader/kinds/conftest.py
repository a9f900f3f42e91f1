"""Answers as Python source, run here and turned into the plain values that a judge is given."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import msgspec
import numpy as np
import pytest

from grader.errors import Unreadable
from grader.grading.judging import diagnose
from grader.model.kind import Answer, Kind, KindExample
from grader.model.outcome import Feedback, Outcome, Verdict
from grader.model.run import CallReading, Fault
from grader.model.value import Array, Fields, Flag, Items, Nothing, Number, Opaque, Text, Value


def to_plain(thing: Any) -> Value:
    match thing:
        case None:
            return Nothing()
        case bool() | np.bool_():
            return Flag(bool(thing))
        case np.ndarray() if thing.dtype.kind == "f" and thing.dtype.itemsize in (4, 8):
            wire = np.ascontiguousarray(thing, dtype=f"<f{thing.dtype.itemsize}")
            return Array(wire.dtype.str, thing.shape, wire.tobytes())  # type: ignore[arg-type]
        case np.ndarray() if thing.dtype.kind in "iu":
            return Array("<i8", thing.shape, np.ascontiguousarray(thing, dtype="<i8").tobytes())
        case np.ndarray() if thing.dtype.kind == "c":
            return Array("<c16", thing.shape, np.ascontiguousarray(thing, dtype="<c16").tobytes())
        case int() | np.integer():
            return Number(str(thing), "int")
        case float() | np.floating():
            return Number(str(thing), "float")
        case complex():
            return Number(str(thing), "complex")
        case Fraction():
            return Number(str(thing), "rational")
        case str():
            return Text(thing)
        case list() | tuple():
            return Items(tuple(map(to_plain, thing)))
        case dict():
            return Fields({str(key): to_plain(value) for key, value in thing.items()})
    return Opaque(type(thing).__name__)


def to_array(value: Value) -> Any:
    assert isinstance(value, Array)
    return np.frombuffer(value.data, dtype=value.dtype).reshape(value.shape).copy()


def call_all(check: Kind[Any], params: Any, function: Callable[..., Any]) -> tuple[CallReading, ...]:
    """What the sandbox would send back for every probe."""
    readings = []
    for call in check.probes(params):
        results: list[Value] = []
        fault = None
        for _ in range(call.times):
            try:
                with np.errstate(all="ignore"):
                    results.append(to_plain(function(*map(to_array, call.args))))
            except Exception as error:  # a student's function may raise anything
                fault = Fault(kind="exception", message=f"{type(error).__name__}: {error}")
                break
        readings.append(CallReading(results=tuple(results), fault=fault))
    return tuple(readings)


def outcome_of(check: Kind[Any], params: Any, answer: Answer) -> Outcome:
    """What a kind decides, and what explains it."""
    judgement = check.judge(params, answer)
    question: Any = SimpleNamespace(kind=check.judge.__module__.split(".")[-2], params=params)
    return diagnose(question, judgement)


def judge_source(check: Kind[Any], table: dict[str, Any], source: str) -> Outcome:
    params = msgspec.convert(table, check.params)
    wanted = check.asks(params)
    space: dict[str, Any] = {}
    exec(compile(source, "answer.py", "exec"), space)
    fields = {name: to_plain(value) for name, value in space.get("q", {}).items()}
    calls = call_all(check, params, space[wanted.function]) if wanted.function else ()
    try:
        return outcome_of(check, params, Answer(fields=fields, calls=calls))
    except Unreadable as error:
        return Outcome(
            verdict=Verdict.INVALID, fraction=Fraction(0), feedback=(Feedback(error.code, str(error)),)
        )


def hold_example(check: Kind[Any], example: KindExample) -> None:
    outcome = judge_source(check, example.params, example.answer)
    assert outcome.verdict == example.verdict, outcome
    if example.code is not None:
        assert example.code in [feedback.code for feedback in outcome.feedback], outcome
    msgspec.json.encode(outcome.facts)


@pytest.fixture(scope="session")
def plain() -> Callable[[Any], Value]:
    return to_plain


@pytest.fixture(scope="session")
def judged() -> Callable[[Kind[Any], dict[str, Any], str], Outcome]:
    return judge_source


@pytest.fixture(scope="session")
def holds() -> Callable[[Kind[Any], KindExample], None]:
    return hold_example


@pytest.fixture(scope="session")
def called() -> Callable[[Kind[Any], Any, Callable[..., Any]], tuple[CallReading, ...]]:
    return call_all
