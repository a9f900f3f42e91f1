"""What a question for numbers is given, and how the numbers of an answer are read and compared."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from fractions import Fraction
from typing import Any, TypeVar

import msgspec

from grader.errors import Unreadable
from grader.exact.ball import Undefined, Unsure
from grader.formula.evaluate import evaluate
from grader.formula.names import FUNCTION_NAMES, Names
from grader.formula.parse import parse_formula
from grader.formula.tree import Formula
from grader.model.control import Control, GridControl, Line
from grader.model.control import FormulaControl as FormulaControl
from grader.model.kind import Asks, Params

T = TypeVar("T")

MAX_PLACES = 12


class NumericMistake(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A known mistake, by what it gives.

    Args:
        id: Stable kebab-case word.
        values: What the mistake gives, for the fields in which it shows; the others are right.
        message: What is wrong, to the student; it should not give the right values away.
        credit: Least share of the points for an answer that it explains.
    """

    id: str
    values: dict[str, Any]
    message: str
    credit: Fraction = Fraction(0)


class NumericParams(Params, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Parameters of `numeric`.

    Args:
        values: For each field a number, a vector (list) or a matrix (list of lists); exact numbers that have
            no short decimal are written "1/3", and with `sizes` formulas in these.
        sizes: Names of sizes, in which answers are formulas: ["n_h", "n_in"]. Or how long each is,
            {n_h = 4, n_in = 3}: then numbers are asked.
        aliases: Other names of sizes: {H = "n_h"}.
        places: Decimal places asked for; left out, the exact value is.
        mistakes: Wrong values that are recognised.
    """

    values: dict[str, Any]
    sizes: dict[str, int] | tuple[str, ...] = msgspec.field(default_factory=dict)
    aliases: dict[str, str] = msgspec.field(default_factory=dict)
    places: int | None = None
    mistakes: tuple[NumericMistake, ...] = ()

    def __post_init__(self) -> None:
        if not self.values:
            raise ValueError("values is empty: name at least one field")
        if self.places is not None and not 0 <= self.places <= MAX_PLACES:
            raise ValueError(f"places is {self.places}; wanted 0 to {MAX_PLACES}")
        _check_sizes(self)
        if self.is_symbolic:
            if self.places is not None:
                raise ValueError("places goes with numbers; where sizes are only named, formulas are asked")
            for name, value in self.values.items():
                wanted_formulas(self, value, f"values.{name}")
            for mistake in self.mistakes:
                _check_formulas_of(self, mistake)
            return
        for name, value in self.values.items():
            wanted_table(value, f"values.{name}", self)
        for mistake in self.mistakes:
            _check_mistake(self, mistake)

    @property
    def is_symbolic(self) -> bool:
        """Whether formulas in sizes are asked."""
        return bool(self.sizes) and not isinstance(self.sizes, dict)

    @property
    def names(self) -> Names:
        """The names that formulas may be written in."""
        return Names(tuple(self.sizes), tuple(self.aliases.items()))

    @property
    def lengths(self) -> dict[str, Fraction]:
        """How long each size is, where that is given."""
        return {n: Fraction(v) for n, v in self.sizes.items()} if isinstance(self.sizes, dict) else {}


def _check_sizes(params: NumericParams) -> None:
    for name in params.sizes:
        if not name.isidentifier() or name in FUNCTION_NAMES or params.names.symbol(name) != name:
            raise ValueError(f"sizes: {name!r} is no name, or is spelled like another one")
    for name, length in params.lengths.items():
        if length < 1:
            raise ValueError(f"sizes.{name} is {length}; a size is at least 1")
    for name in params.aliases.values():
        if name not in params.sizes:
            raise ValueError(f"aliases: {name!r} is none of the sizes")


def _check_formulas_of(params: NumericParams, mistake: NumericMistake) -> None:
    where = f"mistakes: {mistake.id}"
    if not 0 <= mistake.credit < 1:
        raise ValueError(f"{where}: credit is {mistake.credit}; it is a share from 0 to below 1")
    for name, value in mistake.values.items():
        if name not in params.values:
            raise ValueError(f"{where}: {name!r} is none of the values")
        right = wanted_formulas(params, params.values[name], name)
        if wanted_formulas(params, value, f"{where}: {name}")[0] != right[0]:
            raise ValueError(f"{where}: {name} has another shape than in values")


def wanted_formulas(
    params: NumericParams, value: Any, where: str
) -> tuple[tuple[int, ...], tuple[Formula, ...]]:
    """Shape and entries, row by row, of formulas in an exercise file.

    Raises:
        ValueError: If it is ragged or empty, or an entry is no formula in the sizes.
    """

    def entry(text: Any, where: str) -> Formula:
        try:
            return parse_formula(str(text), params.names)
        except Unreadable as error:
            raise ValueError(f"{where}: {error}") from None

    return _table_of(value, where, entry)


def _check_mistake(params: NumericParams, mistake: NumericMistake) -> None:
    where = f"mistakes: {mistake.id}"
    if not 0 <= mistake.credit < 1:
        raise ValueError(f"{where}: credit is {mistake.credit}; it is a share from 0 to below 1")
    shows = False
    for name, value in mistake.values.items():
        if name not in params.values:
            raise ValueError(f"{where}: {name!r} is none of the values")
        shape, given = wanted_table(value, f"{where}: {name}", params)
        right_shape, right = wanted_table(params.values[name], name, params)
        if shape != right_shape:
            raise ValueError(f"{where}: {name} has another shape than in values")
        shows = shows or given != right
    if not shows:
        raise ValueError(f"{where}: its values are the right ones")


def wanted_table(
    value: Any, where: str, params: NumericParams
) -> tuple[tuple[int, ...], tuple[Fraction, ...]]:
    """Shape and entries, row by row, of a value in an exercise file.

    Args:
        value: The value.
        where: Its place, for messages.
        params: The question: where it gives sizes, formulas in these may stand for numbers.

    Raises:
        ValueError: If it is ragged, empty, deeper than a matrix, or an entry is no number.
    """

    def entry(one: Any, where: str) -> Fraction:
        if params.lengths and isinstance(one, str):
            return _number_at_sizes(params, one, where)
        return _wanted_number(one, where)

    return _table_of(value, where, entry)


def _number_at_sizes(params: NumericParams, text: str, where: str) -> Fraction:
    try:
        found = evaluate(parse_formula(text, params.names), params.lengths)
    except (Unreadable, Undefined, Unsure) as error:
        raise ValueError(f"{where}: {error or 'it has no value'}") from None
    if not isinstance(found, Fraction):
        raise ValueError(f"{where}: {text!r} is no exact number for these sizes")
    return found


def _table_of(
    value: Any, where: str, entry: Callable[[Any, str], T]
) -> tuple[tuple[int, ...], tuple[T, ...]]:
    if not isinstance(value, (list, tuple)):
        return (), (entry(value, where),)
    parts = [_table_of(item, f"{where}[{i}]", entry) for i, item in enumerate(value)]
    shapes = {shape for shape, _ in parts}
    if len(shapes) != 1 or len(parts[0][0]) > 1:
        reason = (
            "is empty" if not parts else "is no number, vector or matrix: its rows differ in length or depth"
        )
        raise ValueError(f"{where} {reason}")
    return (len(parts), *parts[0][0]), tuple(entry for _, entries in parts for entry in entries)


def _wanted_number(value: Any, where: str) -> Fraction:
    with contextlib.suppress(ValueError, ZeroDivisionError):
        return Fraction(str(value))
    computed = isinstance(value, str) and "{" in value
    name = "; what is worked out of drawn numbers gets a name in [variants.compute]" if computed else ""
    raise ValueError(f'{where} is {value!r}; wanted a number such as 2, 0.5 or "1/3"{name}')


def asks(params: NumericParams) -> Asks:
    """One field for each value."""
    return Asks(fields=tuple(params.values))


def numbers(params: NumericParams) -> dict[str, Fraction | tuple[Fraction, ...]]:
    """What is right for each field: a number, or the entries row by row; none where formulas are asked."""
    if params.is_symbolic:
        return {}
    found = {name: wanted_table(value, name, params) for name, value in params.values.items()}
    return {name: entries if shape else entries[0] for name, (shape, entries) in found.items()}


def controls(params: NumericParams) -> dict[str, Control]:
    """A line for a number, a table for a vector or matrix: its size is told with what is asked."""
    return {name: _control(params, shape_of(value)) for name, value in params.values.items()}


def shape_of(value: Any) -> tuple[int, ...]:
    """How many entries a value in an exercise file has along each axis; none where it is a single one."""
    return (len(value), *shape_of(value[0])) if isinstance(value, (list, tuple)) else ()


def _control(params: NumericParams, shape: tuple[int, ...]) -> Control:
    names = params.names
    symbols = (*names.symbols, *(alias for alias, _ in names.aliases))
    if shape:
        return GridControl(shape[0], shape[1] if len(shape) > 1 else None, symbols)
    return FormulaControl(names.symbols, names.aliases) if params.is_symbolic else Line(symbols)
