"""A network: what is declared, its equations, and what follows from them."""

from __future__ import annotations

import difflib
import functools
from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec.structs import replace

from grader.networks.equations.faults import NetworkError, at_key
from grader.networks.equations.names import LeftSide, left_side, one_line, why_not
from grader.networks.equations.order import VariableGroup, order
from grader.networks.equations.reader import Reader
from grader.networks.equations.shapes import shapes_of
from grader.networks.equations.sizes import Shape, read_shape
from grader.networks.equations.tree import Node, Parameter, Read, reads_of, walk

if TYPE_CHECKING:
    from grader.networks.equations.declaration import MistakeTable

MAX_EQUATIONS = 60
MAX_NAMES = 200


class Equation(msgspec.Struct, frozen=True, dict=True):
    """One variable and what it is.

    Args:
        name: The variable.
        right_side: Its value.
        is_static: Whether it has one value, not one for each step.
        text: As the author wrote it; empty for one that was made.
    """

    name: str
    right_side: Node
    is_static: bool = False
    text: str = ""

    @functools.cached_property
    def reads(self) -> tuple[Read, ...]:
        """All that is read in its right side, in the order in which it stands."""
        return reads_of(self.right_side)


class Network(msgspec.Struct, frozen=True, dict=True):
    """A network.

    Args:
        inputs: Shape of each input at one step.
        parameters: Shape of each parameter; `start_arguments` come last.
        equations: One for each variable.
        start: What a variable is before the first step, or after the last for one that runs backwards; 0 for
            a variable that is not there.
        output: The variables that are asked for by default.
        words: What people call a variable.
        shapes: Of every name; filled in by `checked`.
        groups: In which order all is computed; filled in by `checked`.
        start_arguments: The parameters that are no weights: a start value of a name that is declared nowhere.
        mistakes: Those that the author has written, or has named otherwise.
    """

    inputs: dict[str, Shape]
    parameters: dict[str, Shape]
    equations: tuple[Equation, ...]
    start: dict[str, Node] = {}
    output: tuple[str, ...] = ()
    words: dict[str, str] = {}
    shapes: dict[str, Shape] = {}
    groups: tuple[VariableGroup, ...] = ()
    start_arguments: tuple[str, ...] = ()
    mistakes: tuple[MistakeTable, ...] = ()

    @functools.cached_property
    def by_name(self) -> dict[str, Equation]:
        """The equations by their variables, in the author's order."""
        return {equation.name: equation for equation in self.equations}

    @property
    def weights(self) -> dict[str, Shape]:
        """The parameters that are declared: what is trained and counted."""
        return {name: shape for name, shape in self.parameters.items() if name not in self.start_arguments}

    @functools.cached_property
    def size_names(self) -> tuple[str, ...]:
        """Names of all sizes, in the order in which they are first declared."""
        shapes = (*self.inputs.values(), *self.parameters.values(), *self.shapes.values())
        return tuple(dict.fromkeys(name for shape in shapes for size in shape for name in sorted(size.names)))

    def with_equation(self, name: str, right_side: Node) -> Network:
        """The network with another right side for one variable; not checked anew."""
        return replace(
            self,
            equations=tuple(
                replace(equation, right_side=right_side) if equation.name == name else equation
                for equation in self.equations
            ),
        )


def checked(network: Network) -> Network:
    """The network with its shapes and its order.

    Raises:
        NetworkError: If parts of an equation do not go together, a shape does not follow, or nothing can be
            computed first.
    """
    shapes = shapes_of(network)
    with at_key("equations"):
        return replace(network, shapes=shapes, groups=order(network))


def parameter_count(network: Network) -> str:
    """How many numbers the weights are, in the named sizes, such as n_in*n_h + n_h*n_h + n_h."""
    return " + ".join(
        "*".join(f"({size})" if len(size.form) > 1 else str(size) for size in shape) or "1"
        for shape in network.weights.values()
    )


def network(table: Mapping[str, Any]) -> Network:
    """The network that a table declares; for tables that `NetworkTable` has let through.

    Args:
        table: With `inputs`, `parameters`, `equations`, `start`, `output`, `sizes`, `words`.

    Raises:
        NetworkError: For the first thing that is wrong, with its key.
    """
    declared = _declared(table)
    starts, arguments = _starts(table.get("start", {}), declared)
    names = tuple(left.name for left in declared.lefts)
    output = _output(table.get("output", ()), names)
    words = table.get("words", {})
    for name in words:
        if name not in declared.signals and name not in declared.statics:
            raise NetworkError(_unknown(name, declared.names), f"words.{name}")
    sizes = _shapes(table.get("sizes", {}), "sizes")
    for name, shape in sizes.items():
        if name not in names:
            raise NetworkError(_unknown(name, names), f"sizes.{name}")
        _require_no_matrix(shape, name, f"sizes.{name}")
    found = Network(
        declared.inputs, declared.parameters, declared.equations(), starts, output, dict(words), sizes
    )
    if arguments:
        shapes = shapes_of(found)
        added = {name: shapes[variable] for name, variable in arguments.items()}
        found = replace(found, parameters={**declared.parameters, **added}, start_arguments=tuple(arguments))
    return checked(found)


class _Declared(msgspec.Struct, frozen=True):
    """The names of a table, before its equations are read.

    Args:
        inputs: Shape of each.
        parameters: Shape of each.
        texts: The equations on one line each.
        lefts: What each is for.
    """

    inputs: dict[str, Shape]
    parameters: dict[str, Shape]
    texts: tuple[str, ...]
    lefts: tuple[LeftSide, ...]

    @property
    def signals(self) -> tuple[str, ...]:
        return (*self.inputs, *(left.name for left in self.lefts if not left.is_static))

    @property
    def statics(self) -> tuple[str, ...]:
        return (*self.parameters, *(left.name for left in self.lefts if left.is_static))

    @property
    def names(self) -> tuple[str, ...]:
        return (*self.signals, *self.statics)

    def equations(self) -> tuple[Equation, ...]:
        found = []
        for number, (text, left) in enumerate(zip(self.texts, self.lefts, strict=True)):
            reader = Reader(text, self.statics, self.signals, left.is_static)
            with at_key(f"equations[{number}]"):
                right_side = reader.read_all(text[left.end :], left.end)
            found.append(Equation(left.name, right_side, left.is_static, text))
        return tuple(found)


def _declared(table: Mapping[str, Any]) -> _Declared:
    inputs = _shapes(table.get("inputs", {}), "inputs")
    for name, shape in inputs.items():
        _require_no_matrix(shape, name, f"inputs.{name}")
    parameters = _shapes(table.get("parameters", {}), "parameters")
    for name in parameters:
        if name in inputs:
            raise NetworkError(f"{name} is an input and a parameter", f"parameters.{name}")
    texts = table["equations"]
    if not texts:
        raise NetworkError("a network has at least one equation", "equations")
    if len(texts) > MAX_EQUATIONS:
        raise NetworkError(f"{len(texts)} equations; at most {MAX_EQUATIONS} are read", "equations")
    if len(inputs) + len(parameters) > MAX_NAMES:
        raise NetworkError(f"more than {MAX_NAMES} inputs and parameters", "parameters")
    lines, lefts = [], []
    for number, text in enumerate(texts):
        with at_key(f"equations[{number}]"):
            lines.append(one_line(text))
            lefts.append(left_side(lines[-1]))
            _require_new(lefts[-1].name, lefts[:-1], inputs, parameters)
    return _Declared(inputs, parameters, tuple(lines), tuple(lefts))


def _shapes(table: Mapping[str, str], key: str) -> dict[str, Shape]:
    found = {}
    for name, text in table.items():
        place = f"{key}.{name}"
        if key != "sizes" and (reason := why_not(name)):
            raise NetworkError(f"{name!r} {reason}", place)
        try:
            found[name] = read_shape(text)
        except ValueError as error:
            raise NetworkError(str(error), place) from None
    return found


def _require_no_matrix(shape: Shape, name: str, key: str) -> None:
    if len(shape) == 2:
        raise NetworkError(f"{name} is a matrix; at each step it is a vector or a number", key)


def _require_new(
    name: str, before: Iterable[LeftSide], inputs: Collection[str], parameters: Collection[str]
) -> None:
    if name in inputs or name in parameters:
        kind = "an input" if name in inputs else "a parameter"
        raise NetworkError(f"{name} is declared as {kind} and has an equation")
    if any(left.name == name for left in before):
        raise NetworkError(f"{name} has two equations; one is wanted")
    if reason := why_not(name):
        raise NetworkError(f"{name} {reason}")


def _starts(table: Mapping[str, str], declared: _Declared) -> tuple[dict[str, Node], dict[str, str]]:
    """The start values, and which variable each further argument is the start of."""
    starts: dict[str, Node] = {}
    arguments: dict[str, str] = {}
    for name, text in table.items():
        with at_key(f"start.{name}"):
            if name not in declared.signals:
                raise NetworkError(_unknown(name, declared.signals))
            line = one_line(text)
            if line.isidentifier() and line not in declared.names:
                if reason := why_not(line):
                    raise NetworkError(f"{line} {reason}")
                starts[name] = Parameter(line)
                arguments.setdefault(line, name)
            else:
                starts[name] = Reader(line, declared.statics, declared.signals, True).read_all(line, 0)
    return starts, arguments


def _output(written: str | Iterable[str], names: tuple[str, ...]) -> tuple[str, ...]:
    output = (written,) if isinstance(written, str) else tuple(written)
    for name in output:
        if name not in names:
            raise NetworkError(_unknown(name, names), "output")
        if output.count(name) > 1:
            raise NetworkError(f"{name} stands there twice", "output")
    return output or names[-1:]


def require_all_used(network: Network) -> None:
    """Refuse a parameter that no equation has: its name or the equation is a slip of the pen.

    Raises:
        NetworkError: For the first one.
    """
    values = [*(equation.right_side for equation in network.equations), *network.start.values()]
    used = {node.name for value in values for _, node in walk(value) if isinstance(node, Parameter)}
    for name in network.weights:
        if name not in used:
            raise NetworkError(f"{name} is declared, and no equation has it", f"parameters.{name}")


def _unknown(name: str, known: Collection[str]) -> str:
    near = difflib.get_close_matches(name, known, 1)
    return f"{name} is no variable of this network" + (f"; did you mean {near[0]}?" if near else "")
