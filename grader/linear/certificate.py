"""Certificates: data that proves that no network of a structure and size can do it, checked exactly.

There are three forms: input sequences after which the outputs asked for span too many dimensions, a part of
the Hankel matrix of too high a rank, or the two ranks as numbers. Why these prove it:
`reference.minimal_state`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Literal, NamedTuple, TypeAlias

import msgspec
from msgspec import UNSET, UnsetType

from grader.answers.claims import read_count
from grader.answers.describe import describe
from grader.answers.numbers import read_number
from grader.answers.tables import Table, read_list
from grader.errors import Unreadable
from grader.linear.question import LinearParams, needed_states, target_system
from grader.model.text import counted
from grader.model.value import Fields, Formula, Value
from reference.minimal_state import futures_rank, minor_rank

MAX_SEQUENCES = 32
MAX_LENGTH = 64
MAX_DELAY = 64
# Of all numbers over a common denominator: there is room for floats such as 6e-17 and 1e20, and the rank is
# still found in under a second.
MAX_BITS = 512

Sequences: TypeAlias = tuple[tuple[tuple[Fraction, ...], ...], ...]


class CertificateEvidence(msgspec.Struct, frozen=True, kw_only=True):
    """What a report shows of a certificate; which facts it has depends on its form."""

    form: Literal["sequences", "minor", "ranks"]
    rank: int | UnsetType = UNSET
    sequences: int | UnsetType = UNSET
    size: tuple[int, int] | UnsetType = UNSET
    state_size: int | UnsetType = UNSET
    required_rank: int | UnsetType = UNSET
    max_rank: int | UnsetType = UNSET


class Certificate(NamedTuple):
    """A checked reason.

    Args:
        rank: Number of states that it shows to be needed.
        is_valid: Whether that is more than the state has.
        message: What it shows, in words.
        evidence: What a report shows of it.
        most: The largest rank that so many sequences, or rows and columns, can have.
    """

    rank: int
    is_valid: bool
    message: str
    evidence: CertificateEvidence
    most: int


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
    sequences = _read_sequences(params, value)
    return _check_sequences(params, n_states, sequences)


def check_ranks(params: LinearParams, n_states: int, required: int, available: int) -> Certificate:
    """Check the claim that `required` dimensions are needed where `available` can be had.

    Right is any required rank that some part of the Hankel matrix truly has (M_0 is one such part), if it is
    more than the true maximum, the state size.
    """
    needed, is_valid = needed_states(params), False
    if available != n_states:
        text = f"max_rank is {available}; what passes through the state has at most its number of entries."
    elif not n_states < required <= needed:
        size = "small" if required <= n_states else "large"
        text = f"required_rank {required} is too {size} for what is asked."
    else:
        is_valid = True
        text = f"The behaviour needs rank {required}, a state of {n_states} gives at most {available}."
        if required < needed:
            text = (
                f"A part of the behaviour needs rank {required} already, and the whole of it more; a state "
                f"of {n_states} gives at most {available}."
            )
    shown = CertificateEvidence(form="ranks", required_rank=required, max_rank=available)
    return Certificate(required, is_valid, text, shown, required)


def _check_sequences(params: LinearParams, n_states: int, sequences: Sequences) -> Certificate:
    # More zero inputs at the end can only show more; beyond the needed state size they show nothing new.
    steps = needed_states(params) + int(params.has_direct_path)
    found = futures_rank(target_system(params), sequences, steps, params.has_direct_path)
    count = len(sequences)
    if found > n_states:
        text = (
            f"After your {count} input sequences the required outputs span {found} dimensions; "
            f"a state of {n_states} can tell apart only {n_states}."
        )
    else:
        text = (
            f"After your {count} input sequences the required outputs span only "
            f"{counted(found, 'dimension')}{_left_free(params)}; a state of {n_states} can hold that."
        )
    shown = CertificateEvidence(form="sequences", rank=found, sequences=count, state_size=n_states)
    return Certificate(found, found > n_states, text, shown, count)


def _check_minor(params: LinearParams, n_states: int, fields: Mapping[str, Value]) -> Certificate:
    if "columns" in fields and "cols" not in fields:
        fields = {**fields, "cols": fields["columns"]}
    absent = [name for name in ("rows", "cols") if name not in fields]
    if absent:
        hint = 'a minor is {"rows": [(delay, output), ...], "cols": [(delay, input), ...]}'
        raise Unreadable(f"{' and '.join(absent)} missing", hint, "certificate", "not-a-certificate")
    rows = _read_places(fields["rows"], len(params.target), "certificate.rows", "output")
    columns = _read_places(fields["cols"], params.inputs, "certificate.cols", "input")
    found = minor_rank(target_system(params), params.has_direct_path, rows, columns)
    if found > n_states:
        text = f"Your part of the Hankel matrix has rank {found}, more than the {n_states} states."
    else:
        text = (
            f"Your part of the Hankel matrix has rank {found}{_left_free(params)}; only more than {n_states} "
            "rules that size out."
        )
    size = len(rows), len(columns)
    shown = CertificateEvidence(form="minor", rank=found, size=size, state_size=n_states)
    return Certificate(found, found > n_states, text, shown, min(size))


def _left_free(params: LinearParams) -> str:
    """Words for RNN-B, whose rank counts for the best choice of the direct path."""
    return ", as the output may see x_t itself in any way" if params.has_direct_path else ""


def _read_sequences(params: LinearParams, value: Value) -> Sequences:
    m = params.inputs
    hint = f"give a list of input sequences, each a list of inputs x_t of {m} number{'s' if m > 1 else ''}"
    tables = read_list(value, "certificate", MAX_SEQUENCES)
    if not tables:
        raise Unreadable("no input sequences", hint, "certificate", "not-a-certificate")
    if len(tables) > MAX_SEQUENCES:
        text = f"more than {MAX_SEQUENCES} sequences"
        raise Unreadable(text, f"give 1 to {MAX_SEQUENCES}", "certificate", "too-large")
    sequences = tuple(_sequence(params, table, hint) for table in tables)
    _require_short([number for sequence in sequences for x_t in sequence for number in x_t])
    return sequences


def _require_short(numbers: Sequence[Fraction]) -> None:
    over = 1
    for number in numbers:
        over = math.lcm(over, number.denominator)
        if over.bit_length() > MAX_BITS or number.numerator.bit_length() > MAX_BITS:
            hint = "small whole numbers are enough"
            raise Unreadable("the numbers have too many digits", hint, "certificate", "too-large")


def _sequence(params: LinearParams, table: Table, hint: str) -> tuple[tuple[Fraction, ...], ...]:
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
    # sqrt(2) could be taken to some digits only, and dependent sequences would then look independent.
    if isinstance(entry, Formula):
        hint = "inputs may be chosen: whole numbers are enough"
        text = f"{describe(entry)} in a certificate, which is checked in whole numbers and fractions"
        raise Unreadable(text, hint, "certificate", "symbolic")
    return read_number(entry, "certificate").value


def _read_places(value: Value, size: int, where: str, axis: str) -> list[tuple[int, int]]:
    hint = f"a list of (delay, {axis}), delays from 0, {axis}s from 1 to {size}"
    tables = read_list(value, where, MAX_SEQUENCES)
    places = []
    for table in tables:
        if table.shape != (2,):
            raise Unreadable(f"a place of shape {table.shape}", hint, where, "not-a-certificate")
        delay, index = (read_count(entry, where) for entry in table.entries)
        if delay > MAX_DELAY or not 1 <= index <= size:
            raise Unreadable(f"the place ({delay}, {index})", hint, where, "not-a-certificate")
        places.append((delay, index - 1))
    if not 1 <= len(places) <= MAX_SEQUENCES:
        text = f"more than {MAX_SEQUENCES} places" if places else "no places"
        raise Unreadable(text, hint, where, "not-a-certificate")
    return places
