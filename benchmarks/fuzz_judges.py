"""Hand the judges made-up plain values: whatever a student's process can send must be decided.

Run as `python benchmarks/fuzz_judges.py [COUNT] [SEED]`; the suite does the same with a small count. Every
kind of question of every exercise is judged on values of all sorts and on right answers in which a part is
exchanged. A judge that raises, and a student's value that leaves a question undecided, is a finding.
"""

from __future__ import annotations

import random
import struct
import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple, get_args

import msgspec

from grader.grading.asked import Asked, calls_of
from grader.grading.judging import judge_question
from grader.grading.resolve import Given
from grader.kinds import find_kind, kind_names
from grader.model.exercise import Exercise, Question
from grader.model.outcome import Verdict
from grader.model.run import Call, CallReading, Fault, FaultKind, RunResult
from grader.model.submission import AnswerFile
from grader.model.value import (
    ITEM_BYTES,
    Array,
    Dtype,
    Fields,
    Flag,
    Formula,
    Items,
    Nothing,
    Number,
    Opaque,
    Text,
    Value,
)
from grader.sandbox import run
from grader.sandbox.host.frames import ProtocolError, checked
from grader.sandbox.host.session import is_reply
from grader.specs import Kinds, find_exercise, list_exercises, load_exercise
from grader.submissions import build_submission

INTS = ("0", "1", "-1", "2", "3", "7", "-0", "10", str(2**63), str(-(2**64)), "9" * 1233, "-" + "1" * 400)
FLOATS = (
    "0.0", "-0.0", "1.0", "0.5", "-0.27", "0.27", "nan", "inf", "-inf", "5e-324", "1e-320", "2.2e-308",
    "1e308", "-1.7976931348623157e308", "1e400", "1e-400", "1e999", "1e-999", "0.3333333333333333", "1e16",
)  # fmt: skip
RATIONALS = ("1/3", "-2/7", "1/" + "9" * 1200, "9" * 1200 + "/7", "0/5", "6004799503160661/18014398509481984")
COMPLEX = ("1j", "(1+2j)", "(0.5+0j)", "(nan+0j)", "(inf-infj)", "nanj", "(1e308+0j)", "(-0-0j)")
TEXTS = (
    "", " ", "0", "0.27", "0,27", "1/3", "1/0", "27%", "yes", "no", "True", "None", "nan", "x1", "w*x1 + x2",
    "sqrt(a)", "[1, 2]", "[[1; 2]]", "(", "\x00", "½", "−1", "٣", "1e9999", "9" * 3000, "a" * 9000, "6 6 6 6",
    "0 0; 0 1", "2 x 3", "(2, 3)", "cumsum(x[1])", "1_000", "+", "-", ".", "e", "1/2/3", "__import__('os')",
)  # fmt: skip
FORMULAS = (
    "a",
    "a*b",
    "sqrt(a)",
    "Abs(x)",
    "a**2 + 1/b",
    "I",
    "zoo",
    "exp(x)",
    "oo*a",
    "x > 0",
    "f(x)",
    "1/0",
)
OPAQUE = (
    "a function",
    "a set",
    "an array of shape (1000, 1000)",
    "",
    "a list with more than 200,000 entries",
)
DOUBLES = (0.0, 1.0, -1.0, 0.5, float("nan"), float("inf"), 5e-324, 1e308, -1e308, 1e-300, 3.0, 1e16)
SIZES = (0, 0, 1, 1, 1, 2, 2, 3, 4, 5, 8, 30)
DEEPEST = 50
WALL_S = 60.0


class Figures(NamedTuple):
    """The figures of a run.

    Args:
        count: Answers judged.
        refused: Values that the sandbox's decoder does not let through.
        verdicts: How often each verdict was given.
        findings: For each kind, what went wrong with it, one text each.
        slowest_s: CPU seconds of the slowest.
        slowest: Its kind.
    """

    count: int
    refused: int
    verdicts: Counter[str]
    findings: list[str]
    slowest_s: float
    slowest: str


class Seed(NamedTuple):
    """A question with readings of its example answers.

    Args:
        exercise: Where it stands.
        question: The question.
        fields: What each example hands in by name.
        calls: What each example's function gave.
    """

    exercise: Exercise
    question: Question
    fields: tuple[dict[str, Value], ...]
    calls: tuple[tuple[CallReading, ...], ...]


def seeds(examples: int = 2, kinds: Iterable[str] | None = None) -> list[Seed]:
    """Every question of the built-in exercises, with readings of its first examples.

    Args:
        examples: How many of them are run.
        kinds: Of which kinds; None for all.
    """
    exercises = [
        load_exercise(find_exercise(one.id).path, Kinds(kind_names(), find_kind), with_examples=True)
        for one in list_exercises()
    ]
    return [
        _seed(exercise, question, examples)
        for exercise in exercises
        for question in exercise.questions
        if kinds is None or question.kind in kinds
    ]


def _seed(exercise: Exercise, question: Question, examples: int) -> Seed:
    fields, calls = [], []
    for example in question.examples[:examples]:
        submission = build_submission("s", [AnswerFile("answer.py", example.answer.encode())])
        result = run(submission, Asked(exercise, (question,)).probes(submission), exercise.limits)
        own = result.names.get(question.id)
        fields.append(dict(own.fields) if isinstance(own, Fields) else dict(result.names))
        calls.append(result.calls)
    return Seed(exercise, question, tuple(fields), tuple(calls))


def any_value(rng: random.Random, depth: int = 0) -> Value:
    """A plain value of any sort."""
    match rng.randrange(9 if depth < 4 else 7):
        case 0:
            return any_number(rng)
        case 1:
            return any_array(rng)
        case 2:
            return Text(rng.choice(TEXTS))
        case 3:
            return rng.choice((Nothing(), Flag(value=True), Flag(value=False)))
        case 4:
            return rng.choice((Opaque(rng.choice(OPAQUE)), Formula(rng.choice(FORMULAS))))
        case 5:
            return any_table(rng)
        case 6:
            return (
                nested(any_number(rng), rng.choice((1, 2, 5, 12, 13, DEEPEST))) if depth == 0 else Items(())
            )
        case 7:
            return Items(tuple(any_value(rng, depth + 1) for _ in range(rng.choice(SIZES[:-1]))))
    names = ("y", "h", "U", "W", "b", "s0", "Wss", "rows", "cols", "0", "", "1", "m", "v", "loss")
    return Fields({rng.choice(names): any_value(rng, depth + 1) for _ in range(rng.randrange(5))})


def any_number(rng: random.Random) -> Number:
    """A number as the program inside writes it."""
    match rng.randrange(5):
        case 0:
            return Number(rng.choice(INTS), "int")
        case 1:
            return Number(rng.choice(RATIONALS), "rational")
        case 2:
            return Number(rng.choice(COMPLEX), "complex")
        case 3:
            return Number(repr(rng.uniform(-2, 2)), rng.choice(("float", "single")))
    return Number(rng.choice(FLOATS), rng.choice(("float", "single")))


def any_array(rng: random.Random) -> Array:
    """An array of any type with up to six axes, some of them empty."""
    shape = tuple(rng.choice(SIZES) for _ in range(rng.choice((0, 1, 1, 2, 2, 2, 3, 3, 6))))
    count = 1
    for size in shape:
        count *= size
    if count > 2000:
        shape, count = (2, 3), 6
    return filled(rng, shape, count)


def filled(rng: random.Random, shape: tuple[int, ...], count: int) -> Array:
    """An array of a shape, mostly of ordinary numbers."""
    dtype: Dtype = rng.choice((*get_args(Dtype), "<f8", "<f8"))
    if dtype == "|b1":
        return Array(dtype, shape, bytes(rng.randrange(2) for _ in range(count)))
    if dtype == "<f8":
        extreme = rng.random() < 0.3
        values = [rng.choice(DOUBLES) if extreme else rng.uniform(-2, 2) for _ in range(count)]
        return Array(dtype, shape, struct.pack(f"<{count}d", *values))
    return Array(dtype, shape, rng.randbytes(count * ITEM_BYTES[dtype]))


def any_table(rng: random.Random) -> Items:
    """A list of lists of numbers, ragged now and then."""
    width = rng.choice(SIZES[:-1])
    rows = [
        Items(tuple(any_number(rng) for _ in range(width if rng.random() < 0.95 else width + 1)))
        for _ in range(rng.choice(SIZES[:-1]))
    ]
    return Items(tuple(rows))


def nested(value: Value, depth: int) -> Value:
    """A value in lists of one."""
    for _ in range(depth):
        value = Items((value,))
    return value


def changed(rng: random.Random, value: Value) -> Value:
    """The value with one part of it exchanged, left out, repeated or put into a list."""
    if isinstance(value, Items) and value.items and rng.random() < 0.85:
        at = rng.randrange(len(value.items))
        before, after = value.items[:at], value.items[at + 1 :]
        part = value.items[at]
        match rng.randrange(8):
            case 0:
                return Items((*before, *after))
            case 1:
                return Items((*before, part, part, *after))
        return Items((*before, changed(rng, part), *after))
    if isinstance(value, Fields) and value.fields and rng.random() < 0.9:
        fields = dict(value.fields)
        name = rng.choice(sorted(fields))
        if rng.random() < 0.15:
            del fields[name]
        else:
            fields[name] = changed(rng, fields[name])
        return Fields(fields)
    if isinstance(value, Array) and rng.random() < 0.6:
        return changed_array(rng, value)
    return any_value(rng)


def changed_array(rng: random.Random, array: Array) -> Array:
    """The array with another entry, or with another shape or type of entries."""
    count = len(array.data) // ITEM_BYTES[array.dtype]
    match rng.randrange(4):
        case 0 if array.dtype == "<f8" and count:
            values = list(struct.unpack(f"<{count}d", array.data))
            for _ in range(rng.choice((1, 1, count))):
                values[rng.randrange(count)] = rng.choice(DOUBLES)
            return Array(array.dtype, array.shape, struct.pack(f"<{count}d", *values))
        case 1:
            return Array(array.dtype, array.shape[::-1], array.data)
        case 2:
            return Array(array.dtype, (count,), array.data)
    return filled(rng, array.shape, count)


def any_fields(rng: random.Random, seed: Seed) -> dict[str, Value]:
    """Fields of a question: right ones with a change, or anything under their names."""
    known = rng.choice(seed.fields) if seed.fields else {}
    asks = seed.question.asks
    if known and rng.random() < 0.7:
        name = rng.choice(sorted(known))
        return {**known, name: changed(rng, known[name])}
    names = (*asks.fields, *asks.optional)
    return {name: any_value(rng) for name in names if rng.random() < 0.8}


def any_calls(rng: random.Random, seed: Seed) -> tuple[CallReading, ...]:
    """What the calls of a function question may give: as many results as asked, or fewer and a fault."""
    probes = calls_of(seed.exercise, seed.question)
    known = rng.choice(seed.calls) if seed.calls and rng.random() < 0.8 else ()
    share = rng.choice((0.05, 0.3, 1.0))
    readings = []
    for number, probe in enumerate(probes):
        if known and rng.random() > share:
            readings.append(known[number])
            continue
        given = known[number].results if known else ()
        results = [any_result(rng, probe, given[k] if k < len(given) else None) for k in range(probe.times)]
        fault = None
        if rng.random() < 0.15:
            fault = Fault(kind=rng.choice(get_args(FaultKind)), message="it ended", where="answer.py, line 1")
            results = results[: rng.randrange(probe.times)]
        readings.append(CallReading(results=tuple(results), fault=fault))
    return tuple(readings)


def any_result(rng: random.Random, call: Call, known: Value | None) -> Value:
    """What one call may give."""
    if known is None or rng.random() < 0.2:
        value = any_value(rng)
        return Items((value, *call.args)) if call.returns_arguments else value
    if call.returns_arguments and isinstance(known, Items) and rng.random() < 0.9:
        at = rng.randrange(len(known.items))
        return Items((*known.items[:at], changed(rng, known.items[at]), *known.items[at + 1 :]))
    return changed(rng, known)


def passes(values: Iterable[Value], calls: Iterable[tuple[Call, Value]]) -> bool:
    """Whether the sandbox lets these values and results through; what it refuses is a fault, no value."""
    try:
        for value in values:
            checked(value)
        for call, result in calls:
            checked(result)
            if not is_reply(call, result):
                return False
    except (ProtocolError, RecursionError):
        return False
    return True


def fuzz(count: int, seed: int, prepared: Sequence[Seed], stop_at: int = 1000) -> Figures:
    """Judge so many made-up answers.

    Args:
        count: Of answers.
        seed: Of the generator.
        prepared: The questions.
        stop_at: Findings after which it stops.
    """
    rng = random.Random(seed)
    verdicts: Counter[str] = Counter()
    findings: list[str] = []
    refused, slowest_s, slowest = 0, 0.0, ""
    made = 0
    for number in range(count):
        one = prepared[number % len(prepared)]
        question = one.question
        is_function = question.asks.function is not None
        fields = {} if is_function else any_fields(rng, one)
        others = {name: any_value(rng) for name in question.asks.also if rng.random() < 0.8}
        calls = any_calls(rng, one) if is_function else ()
        results = [
            (probe, result)
            for probe, reading in zip(calls_of(one.exercise, question), calls, strict=True)
            for result in reading.results
        ]
        if not passes([*fields.values(), *others.values()], results):
            refused += 1
            continue
        made += 1
        names = {**others, question.id: Fields(fields)} if not is_function else others
        started = time.process_time()
        outcome = judge_question(Given(question, (), calls, RunResult(names=names, seen=(*names, "f"))))
        spent = time.process_time() - started
        verdicts[outcome.verdict.value] += 1
        if spent > slowest_s:
            slowest_s, slowest = spent, f"{one.exercise.id} {question.id}"
        if outcome.verdict is Verdict.UNDECIDED:
            why = [message.message for message in outcome.feedback if message.audience == "staff"]
            shown = repr(names)[:2000] if not is_function else ""
            findings.append(f"{one.exercise.id} {question.id} ({question.kind}): {' '.join(why)}\n{shown}")
            if len(findings) >= stop_at:
                break
        msgspec.json.encode(outcome.facts)
    return Figures(made, refused, verdicts, findings, slowest_s, slowest)


def main() -> int:
    """Print the figures; 1 if anything was found."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    figures = fuzz(count, seed, seeds())
    for finding in figures.findings:
        print(finding, "\n")
    print(
        f"{figures.count} judged, {figures.refused} refused by the decoder, {len(figures.findings)} findings"
    )
    print(", ".join(f"{verdict} {n}" for verdict, n in figures.verdicts.most_common()))
    print(f"slowest {figures.slowest_s:.2f} s: {figures.slowest}")
    return 1 if figures.findings else 0


if __name__ == "__main__":
    sys.exit(main())
