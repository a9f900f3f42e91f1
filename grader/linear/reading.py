"""The weights of a linear network as handed in, read once, and the exact network that they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple, TypeAlias

from grader.answers.describe import describe
from grader.answers.matrices import (
    Matrix,
    WrittenNumbers,
    matrix_of,
    read_parameters,
    shape_as_matrix,
    vector_of,
)
from grader.errors import Unreadable
from grader.linear.arrangement import START, Structure, arrangement, plan, sizes_of, weight_names
from grader.linear.rounding import ZERO, radii, without_dust
from grader.model.value import Value
from grader.networks.running.linear import values_of
from grader.networks.running.linear_forms import ParameterEntry
from reference import linear_system
from reference.linear_system import LinearSystem

MAX_STATES = 64
# The largest that homework has. A student recognises 1/3 and 7/1000, but not the 54 digits of a float.
SHORT_DENOMINATOR = 1000
# States times bits of the longest entry over a common denominator: exact arithmetic stays below a second.
# Two states may have entries of 4096 bits, 64 states of 128 (a float has 53 and its exponent).
MAX_WORK = 8192


Weights: TypeAlias = tuple[Matrix, ...]


class LinearSizes(NamedTuple):
    """Sizes of a network; `states` None leaves the state size free."""

    states: int | None
    inputs: int
    outputs: int


class LinearNetwork(NamedTuple):
    """A network of which the weights are known.

    Args:
        system: Its exact system, every number as written.
        nearby: The same with decimals that stand next to a small fraction read as that fraction.
        widest: Absolute values, each larger by what the number may be off; bounds what rounding can do.
        is_rounded: Whether some number may be rounded.
        is_single: Whether some number may be rounded, and all that may be are floats of 32 bits.
        dusted: The network with zeros for entries that are tiny beside the others; None where no entry is.
    """

    system: LinearSystem
    nearby: LinearSystem
    widest: LinearSystem
    is_rounded: bool
    is_single: bool = False
    dusted: LinearNetwork | None = None


def read_weights(
    structure: Structure, sizes: LinearSizes, fields: Mapping[str, Value], starts_at_zero: bool = False
) -> Weights:
    """The weights among the fields as rows of exact numbers, a vector as one row, in the arrangement's order.

    Args:
        structure: Which network's they are.
        sizes: Inputs and outputs as asked for, and the state size where the question fixes it. A network of
            another size that fits together is read all the same.
        fields: The weights by name.
        starts_at_zero: Whether the question fixes s0 = 0 and does not ask for it.

    Raises:
        Unreadable: If a weight is missing (code "missing-field"), no matrix, or of a size that fits no
            network.
    """
    wanted = weight_names(structure)[1:] if starts_at_zero else weight_names(structure)
    written = read_parameters(fields, wanted)
    # Weights of another size that fit together are read as the network that they are.
    own = _own_size(structure, sizes, written)
    asked = own if sizes.states is None else sizes.states
    assert asked is not None
    if asked > MAX_STATES:
        raise Unreadable(f"a state of {asked} numbers", f"use at most {MAX_STATES}", code="too-large")
    if own is not None and own != asked and own <= MAX_STATES:
        try:
            return _weights_of_size(structure, own, sizes, written)
        except Unreadable as unreadable:
            # Where they do not fit together the message names the size that was asked for.
            if unreadable.code != "shape":
                raise
    return _weights_of_size(structure, asked, sizes, written)


_Reader: TypeAlias = Callable[[Fraction, bool], Fraction]


def exact_network(structure: Structure, weights: Weights) -> LinearNetwork:
    """The network with these weights.

    Args:
        structure: Which network it is.
        weights: In the order of the arrangement, of sizes that fit together; a vector is one row.

    Raises:
        Unreadable: If its numbers are too long for exact arithmetic (code "too-large").
    """
    system = _system(structure, weights, _as_written)
    if linear_system.bits(system, MAX_WORK) * max(system.n_states, 2) > MAX_WORK:
        raise Unreadable("the numbers have too many digits", "use shorter ones", code="too-large")
    dusted = _dusted(structure, weights)
    rounded = [x for rows in weights for row in rows for x in row if x.is_rounded]
    if not rounded:
        return LinearNetwork(system, system, system, is_rounded=False, dusted=dusted)
    nearby = _system(structure, weights, nearby_fraction)
    is_single = all(x.is_single for x in rounded)
    return LinearNetwork(system, nearby, _widest(structure, weights), True, is_single, dusted)


def _dusted(structure: Structure, weights: Weights) -> LinearNetwork | None:
    # A start state is tiny where it is so beside the weights by which inputs enter the state.
    s0, *matrices = weights
    found = arrangement(structure)
    feed = weights[found.weights.index(found.from_input)]
    clean = (without_dust(s0, beside=feed), *map(without_dust, matrices))
    return None if clean == weights else exact_network(structure, clean)


def _weights_of_size(
    structure: Structure, n: int, sizes: LinearSizes, written: Mapping[str, WrittenNumbers]
) -> Weights:
    """The weights read as those of a network with n states; Unreadable (code "shape") if one is not."""
    found = arrangement(structure)
    values = found.sizes(n, sizes.inputs, sizes.outputs)

    def weight(name: str) -> Matrix:
        lengths = [size.at(values) for size in found.shapes[name]]
        if len(lengths) == 1:
            return (vector_of(written[name], lengths[0], name),)
        rows, columns = lengths or (1, 1)
        return matrix_of(written[name], rows, columns, name)

    start = weight(START) if START in written else ((ZERO,) * n,)
    return (start, *map(weight, found.weights[1:]))


def _own_size(structure: Structure, sizes: LinearSizes, written: Mapping[str, WrittenNumbers]) -> int | None:
    """The state size that the matrix into the state has; None where it has none and the size is fixed."""
    found = arrangement(structure)
    first = found.into_state
    columns = found.shapes[first][1]
    per_state = dict(columns.form).get(found.state, 0)
    others = columns.at({**found.sizes(1, sizes.inputs, sizes.outputs), found.state: 0})
    is_column = not per_state and others == 1
    shape = shape_as_matrix(written[first], may_be_row=bool(per_state and others), may_be_column=is_column)
    if shape is not None and shape[0] and shape[1] == per_state * shape[0] + others:
        return shape[0]
    if sizes.states is not None:
        return None
    wanted = f"n x {_columns_wanted(per_state, others)}"
    given = f"a {shape[0]} x {shape[1]} matrix" if shape else describe(written[first].tables.values[0])
    raise Unreadable(f"{given} where {wanted} was wanted, n the state size", where=first, code="shape")


def _columns_wanted(per_state: int, others: int) -> str:
    states = "" if not per_state else "n" if per_state == 1 else f"{per_state}*n"
    return f"({states} + {others})" if states and others else states or str(others)


def _as_written(number: Fraction, is_rounded: bool) -> Fraction:
    return number


def nearby_fraction(number: Fraction, is_rounded: bool) -> Fraction:
    """The short fraction next to a rounded number: 10/3 for 3.3333333333333335; else the number.

    The last bits of a float are noise: 2^-51 is four units in its last place.
    """
    if not is_rounded:
        return number
    candidate = number.limit_denominator(SHORT_DENOMINATOR)
    return candidate if abs(number - candidate) <= abs(number) / 2**51 else number


def _widest(structure: Structure, weights: Weights) -> LinearSystem:
    """The system of `LinearNetwork.widest`: every entry |written| + radius."""
    wide = tuple(
        tuple(
            tuple(
                number._replace(value=abs(number.value) + off) for number, off in zip(row, offs, strict=True)
            )
            for row, offs in zip(rows, radii(rows), strict=True)
        )
        for rows in weights
    )
    return _system(structure, wide, _as_written, abs)


def _system(
    structure: Structure, weights: Weights, read: _Reader, number: Callable[[Fraction], Fraction] = Fraction
) -> LinearSystem:
    found = arrangement(structure)
    rows = {
        name: tuple(tuple(read(x.value, x.is_rounded) for x in row) for row in matrix)
        for name, matrix in zip(found.weights, weights, strict=True)
    }
    return system_of(structure, rows, number)


def system_of(
    structure: Structure,
    rows: Mapping[str, Sequence[Sequence[Fraction]]],
    number: Callable[[Fraction], Fraction] = Fraction,
) -> LinearSystem:
    """The system of a network.

    Args:
        structure: Which network it is.
        rows: Of each parameter; a vector is one row.
        number: How a constant of the equations is taken: as it is, or as its absolute value.
    """

    def entry(place: ParameterEntry) -> Fraction:
        name, row, column = place
        return rows[name][row][column]

    parts = [values_of(part, entry, number) for part in plan(structure, *sizes_of(structure, rows))]
    return LinearSystem(parts[0], parts[1], parts[2], parts[3], parts[4][0])
