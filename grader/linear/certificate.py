"""Reasons why no network of a structure and size can do it, handed in as data and checked exactly.

Three forms: input sequences whose required futures span too many dimensions, a Hankel minor of too high a
rank, or the two ranks as numbers. See `reference.minimal_state` for why they prove it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple, TypeAlias

from grader.answers.describe import describe
from grader.answers.flags import read_count
from grader.answers.numbers import read_number
from grader.answers.tables import laid_out, read_table, rows_of
from grader.errors import Unreadable
from grader.linear.question import LinearParams, needed_states, target_system
from grader.model.value import Array, Fields, Formula, Items, Value
from reference.minimal_state import futures_rank, minor_rank

MAX_SEQUENCES = 32
MAX_LENGTH = 64
MAX_DELAY = 64
# Over their common denominator, for floats such as 6e-17 and 1e20: the rank is found in under a second.
MAX_BITS = 512

Sequences: TypeAlias = tuple[tuple[tuple[Fraction, ...], ...], ...]


class Certificate(NamedTuple):
    """A checked reason.

    Args:
        rank: How many dimensions it shows to be needed.
        is_valid: Whether that is more than the state has.
        message: What it shows, in words.
        evidence: JSON-ready.
    """

    rank: int
    is_valid: bool
    message: str
    evidence: dict[str, Any]


def check_certificate(params: LinearParams, n_states: int, value: Value) -> Certificate:
    """Check a certificate that n_states states are too few.

    Args:
        params: The question.
        n_states: The size that it is to rule out.
        value: A list of input sequences, or {"rows": [(delay, output), ...], "cols": [(delay, input), ...]},
            outputs and inputs from 1, delays from 0.

    Raises:
        Unreadable: If it is neither.
    """
    if isinstance(value, Fields):
        return _check_minor(params, n_states, value.fields)
    return _check_sequences(params, n_states, _read_sequences(params, value))


def check_ranks(params: LinearParams, n_states: int, required: int, available: int) -> Certificate:
    """Check the claim that `required` dimensions are needed where `available` can be had.

    Right is any required rank that some part of the Hankel matrix truly has (M_0 is one such part), if it is
    more than the true maximum, the state size.
    """
    needed = needed_states(params)
    facts = {"form": "ranks", "required_rank": required, "max_rank": available}
    if available != n_states:
        text = f"max_rank is {available}; what passes through the state has at most its number of entries."
        return Certificate(required, False, text, facts)
    if not n_states < required <= needed:
        size = "small" if required <= n_states else "large"
        return Certificate(
            required, False, f"required_rank {required} is too {size} for what is asked.", facts
        )
    text = f"The behaviour needs rank {required}, a state of {n_states} gives at most {available}."
    if required < needed:
        text = (
            f"A part of the behaviour needs rank {required} already, and the whole of it more; a state of "
            f"{n_states} gives at most {available}."
        )
    return Certificate(required, True, text, facts)


def _check_sequences(params: LinearParams, n_states: int, sequences: Sequences) -> Certificate:
    # More zero inputs at the end can only show more; beyond the needed state size they show nothing new.
    steps = needed_states(params) + int(params.has_direct_path)
    found = futures_rank(target_system(params), sequences, steps, params.has_direct_path)
    facts = {"form": "sequences", "rank": found, "sequences": len(sequences), "state_size": n_states}
    if found > n_states:
        text = (
            f"After your {len(sequences)} input sequences the required outputs span {found} dimensions; "
            f"a state of {n_states} can tell apart only {n_states}."
        )
        return Certificate(found, True, text, facts)
    text = (
        f"After your {len(sequences)} input sequences the required outputs span only {found} "
        f"dimension{'s' if found != 1 else ''}{_left_free(params)}; a state of {n_states} can hold that."
    )
    return Certificate(found, False, text, facts)


def _check_minor(params: LinearParams, n_states: int, fields: Mapping[str, Value]) -> Certificate:
    absent = [name for name in ("rows", "cols") if name not in fields]
    if absent:
        hint = 'a minor is {"rows": [(delay, output), ...], "cols": [(delay, input), ...]}'
        raise Unreadable(f"{' and '.join(absent)} missing", hint, "certificate", "not-a-certificate")
    rows = _read_places(fields["rows"], len(params.target), "certificate.rows", "output")
    columns = _read_places(fields["cols"], params.inputs, "certificate.cols", "input")
    found = minor_rank(target_system(params), params.has_direct_path, rows, columns)
    facts = {"form": "minor", "rank": found, "size": [len(rows), len(columns)], "state_size": n_states}
    if found > n_states:
        text = f"Your part of the Hankel matrix has rank {found}, more than the {n_states} states."
        return Certificate(found, True, text, facts)
    text = (
        f"Your part of the Hankel matrix has rank {found}{_left_free(params)}; only more than {n_states} "
        "rules that size out."
    )
    return Certificate(found, False, text, facts)


def _left_free(params: LinearParams) -> str:
    return ", as the output may see x_t itself in any way" if params.has_direct_path else ""


def _read_sequences(params: LinearParams, value: Value) -> Sequences:
    m = params.inputs
    hint = f"give a list of input sequences, each a list of inputs x_t of {m} number{'s' if m > 1 else ''}"
    value = laid_out(value, lambda shape: len(shape) >= 2)
    if not isinstance(value, (Items, Array)):
        raise Unreadable("this is no certificate", hint, "certificate", "not-a-certificate")
    parts = rows_of(value)
    if not parts:
        raise Unreadable("no input sequences", hint, "certificate", "not-a-certificate")
    if len(parts) > MAX_SEQUENCES:
        raise Unreadable(f"{len(parts)} sequences", f"give 1 to {MAX_SEQUENCES}", "certificate", "too-large")
    sequences = tuple(_read_sequence(params, part, hint) for part in parts)
    _require_short([number for sequence in sequences for x_t in sequence for number in x_t])
    return sequences


def _require_short(numbers: Sequence[Fraction]) -> None:
    over = 1
    for number in numbers:
        over = math.lcm(over, number.denominator)
        if over.bit_length() > MAX_BITS or number.numerator.bit_length() > MAX_BITS:
            hint = "small whole numbers are enough"
            raise Unreadable("the numbers have too many digits", hint, "certificate", "too-large")


def _read_sequence(params: LinearParams, value: Value, hint: str) -> tuple[tuple[Fraction, ...], ...]:
    table = read_table(value, "certificate")
    m = params.inputs
    match table.shape:
        case (length, size) if size == m and 1 <= length <= MAX_LENGTH:
            pass
        case (length, size, 1) if size == m and 1 <= length <= MAX_LENGTH:
            pass  # column vectors
        case (size,) | (size, 1) if size == m:
            pass  # one input x_1, without its list
        case (length,) if m == 1 and 1 <= length <= MAX_LENGTH:
            pass  # scalar inputs
        case _:
            raise Unreadable(f"a sequence of shape {table.shape}", hint, "certificate", "not-a-certificate")
    numbers = [_rational(entry) for entry in table.entries]
    return tuple(tuple(numbers[i : i + m]) for i in range(0, len(numbers), m))


def _rational(entry: Value) -> Fraction:
    # Of sqrt(2) only digits could be taken, and with these dependent sequences would look independent.
    if isinstance(entry, Formula):
        hint = "inputs may be chosen: whole numbers are enough"
        text = f"{describe(entry)} in a certificate, which is checked in whole numbers and fractions"
        raise Unreadable(text, hint, "certificate", "symbolic")
    return read_number(entry, "certificate").value


def _read_places(value: Value, size: int, where: str, axis: str) -> list[tuple[int, int]]:
    hint = f"a list of (delay, {axis}), delays from 0, {axis}s from 1 to {size}"
    parts = rows_of(value) if isinstance(value, (Items, Array)) else ()
    places = []
    for part in parts:
        table = read_table(part, where)
        if table.shape != (2,):
            raise Unreadable(f"a place of shape {table.shape}", hint, where, "not-a-certificate")
        delay, index = (read_count(entry, where) for entry in table.entries)
        if delay > MAX_DELAY or not 1 <= index <= size:
            raise Unreadable(f"the place ({delay}, {index})", hint, where, "not-a-certificate")
        places.append((delay, index - 1))
    if not 1 <= len(places) <= MAX_SEQUENCES:
        raise Unreadable(
            "no places" if not places else f"{len(places)} places", hint, where, "not-a-certificate"
        )
    return places
