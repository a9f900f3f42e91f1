"""The parameters of a network as handed in, read once; open sizes are read off them."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Mapping
from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from grader.answers.matrices import WrittenNumbers, matrix_of, matrix_shape, read_parameters, vector_of
from grader.answers.numbers import ExactNumber
from grader.answers.tables import is_vector
from grader.errors import Unreadable
from grader.kinds.design.question import MAX_UNITS, DesignParams, Task, task_of
from grader.model.kind import Answer
from grader.model.text import joined
from grader.model.value import Value
from grader.networks.automaton.entries import Rows
from grader.networks.equations.sizes import Size

if TYPE_CHECKING:
    from grader.networks.running.stepwise import OwnNetwork

Parameter: TypeAlias = tuple[tuple[ExactNumber, ...], ...]
"""Rows; a vector is one row, a number one row of one."""

# Two numbers of this length are multiplied in less than a microsecond. Floats have 53 bits and an exponent.
MAX_BITS = 4096
# A sigmoid knows no difference between weights of this size.
LARGEST_OF_SMOOTH = Fraction(10**100)


class Weights(NamedTuple):
    """A network's parameters.

    Args:
        numbers: By name.
        sizes: The value of each size name.
        ranks: 0 for a number, 1 for a vector, 2 for a matrix.
    """

    numbers: Mapping[str, Parameter]
    sizes: Mapping[str, int]
    ranks: Mapping[str, int]

    def values(self) -> dict[str, Rows]:
        """The numbers as written, a vector as one row, a number as such."""
        return {
            name: as_rows([[x.value for x in row] for row in rows], self.ranks[name])
            for name, rows in self.numbers.items()
        }


def as_rows(rows: list[list[Fraction]], rank: int) -> Rows:
    """Rows in the form that a parameter of this rank has."""
    if rank == 2:
        return [tuple(row) for row in rows]
    return tuple(rows[0]) if rank else rows[0][0]


def read_weights(task: Task, fields: Mapping[str, Value]) -> Weights:
    """The parameters among the fields.

    Args:
        task: The question.
        fields: What was handed in, by name.

    Raises:
        Unreadable: If one is missing (code "missing-field"), of another shape, no number or too long.
    """
    shapes = task.network.parameters
    written = read_parameters(fields, list(shapes), [name for name, shape in shapes.items() if not shape])
    sizes, told = _sizes(task, written)
    numbers: dict[str, Parameter] = {}
    for name, shape in shapes.items():
        wanted = tuple(size.at(sizes) for size in shape)
        try:
            numbers[name] = _read(written[name], wanted, name)
        except Unreadable as unreadable:
            if unreadable.code != "shape" or not any(size.names & set(told) for size in shape):
                raise
            own = [
                f"{one} = {sizes[one]} as in {told[one]}" for size in shape for one in size.names & set(told)
            ]
            asked = " x ".join(map(str, shape)) + f", with {joined(dict.fromkeys(own))}"
            hint = f"{name} is {asked}" + (f"; {unreadable.hint}" if unreadable.hint else "")
            raise Unreadable(unreadable.message, hint, name, "shape") from None
        _require_short(numbers[name], name, task.is_smooth)
    return Weights(numbers, sizes, {name: len(shape) for name, shape in shapes.items()})


def _read(given: WrittenNumbers, wanted: tuple[int, ...], name: str) -> Parameter:
    if len(wanted) == 2:
        return matrix_of(given, *wanted, name)
    return (vector_of(given, wanted[0] if wanted else 1, name),)


def _require_short(rows: Parameter, name: str, is_smooth: bool) -> None:
    common = 1
    for number in itertools.chain.from_iterable(rows):
        common = lcm(common, number.value.denominator)
        if common.bit_length() > MAX_BITS or number.value.numerator.bit_length() > MAX_BITS:
            raise Unreadable("the numbers have too many digits", "use shorter ones", name, "too-large")
        if is_smooth and abs(number.value) > LARGEST_OF_SMOOTH:
            raise Unreadable("a number above 1e100", "smaller ones do the same", name, "too-large")


def _sizes(task: Task, written: Mapping[str, WrittenNumbers]) -> tuple[dict[str, int], dict[str, str]]:
    """All sizes, and for each that the answer chose the field that it was read off."""
    sizes, told = dict(task.sizes), {}
    free = list(task.free)
    while free:
        votes: Counter[tuple[str, int]] = Counter()
        first: dict[tuple[str, int], str] = {}
        for name, shape in task.network.parameters.items():
            for vote in set(_votes(written[name], shape, sizes)):
                votes[vote] += 1
                first.setdefault(vote, name)
        if not votes:
            raise Unreadable(f"the size {free[0]} cannot be told", _shapes_with(task, free[0]), code="shape")
        (size, value), _ = votes.most_common(1)[0]
        if value > MAX_UNITS:
            name = first[size, value]
            raise Unreadable(f"{size} = {value}", f"use at most {MAX_UNITS}", name, "too-large")
        sizes[size], told[size] = value, first[size, value]
        free.remove(size)
    return sizes, told


def _shapes_with(task: Task, size: str) -> str:
    names = [
        f"{name} is {' x '.join(map(str, shape))}"
        for name, shape in task.network.parameters.items()
        if any(size in one.names for one in shape)
    ]
    return joined(names)


def _votes(
    given: WrittenNumbers, shape: tuple[Size, ...], sizes: Mapping[str, int]
) -> Iterator[tuple[str, int]]:
    """What a field says about a size that is not known yet, as far as its shape is no guess."""
    known = [size.at(sizes) if size.names <= set(sizes) else None for size in shape]
    if None not in known:
        return
    found = _lengths(given, known)
    if found is None:
        return
    if any(own not in (None, length) for length, own in zip(found, known, strict=True)):
        return
    values: dict[str, int] = dict(sizes)
    for size, length in zip(shape, found, strict=True):
        unknown = [(one, times) for one, times in size.form if one and one not in values]
        if len(unknown) > 1:
            return
        if not unknown:
            if size.at(values) != length:
                return
            continue
        ((one, times),) = unknown
        rest = length - size.at({**values, one: 0})
        if rest <= 0 or rest % times:
            return
        values[one] = rest // times
    yield from ((one, length) for one, length in values.items() if one not in sizes)


def _lengths(given: WrittenNumbers, known: list[int | None]) -> tuple[int, ...] | None:
    """The lengths of a table's axes, as a matrix or a vector of the sizes that are known."""
    if not known:
        return None
    try:
        if len(known) == 1:
            table = given.tables.table(lambda shape: is_vector(shape, known[0]))
            is_row = is_vector(table.shape, None) or not table.shape
            return (len(table.entries),) if is_row else None
        return matrix_shape(given.tables.table(lambda shape: len(shape) == 2), *known)
    except Unreadable:
        return None


def own_network(params: DesignParams, answer: Answer) -> OwnNetwork:
    """The network of the handed-in weights, of whatever size; its task is not looked at.

    Args:
        params: The question.
        answer: What was handed in for it.

    Raises:
        Unreadable: If they are no network.
    """
    # Loaded where a network is run step by step: most answers are only judged.
    from grader.networks.running.stepwise import OwnNetwork

    task = task_of(params)
    weights = read_weights(task, answer.fields)
    parameters = {name: _as_tuples(value) for name, value in weights.values().items()}
    return OwnNetwork(network=task.network, parameters=parameters, sizes=weights.sizes)


def _as_tuples(value: Any) -> Any:
    return value if isinstance(value, Fraction) else tuple(map(_as_tuples, value))
