"""Shapes: which each part of an equation has, and which variables get from their equations."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from grader.networks.equations.faults import EquationError, NetworkError, at_key
from grader.networks.equations.printing import ANY, AS_FACTOR, IN_PRODUCT, written
from grader.networks.equations.sizes import Shape, Size, show_shape
from grader.networks.equations.tree import (
    At,
    Constant,
    Function,
    MatrixProduct,
    Node,
    OuterProduct,
    Over,
    Parameter,
    Power,
    Product,
    Quotient,
    Signal,
    Sum,
    Transpose,
    children,
    turned,
    walk,
)

if TYPE_CHECKING:
    from grader.networks.equations.network import Equation, Network

JOINED = {Sum: "added", Product: "multiplied entry by entry", Quotient: "divided entry by entry"}
WRITE_AT = "for a matrix product write @"


def infer(
    node: Node, shapes: Mapping[str, Shape | None], where: str = "", is_final: bool = True
) -> Shape | None:
    """The shape of a value; None where it is not known yet.

    Args:
        node: The value.
        shapes: Of what it may name, as far as known.
        where: The equation's text, for errors.
        is_final: Whether what is not known will not be; a signal that may yet turn out a number is then taken
            for a vector.

    Raises:
        NetworkError: If parts of it do not go together; names the term, and the transpose that would fit.
    """
    return _Inference(shapes, where, is_final).of(node)


def shapes_of(network: Network) -> dict[str, Shape]:
    """The shape of every input, parameter and variable.

    Raises:
        NetworkError: If an equation's parts do not go together, or a shape does not follow.
    """
    shapes = {**network.inputs, **network.parameters, **network.shapes}
    _infer_repeatedly(network, shapes)
    for number, equation in enumerate(network.equations):
        if equation.name not in shapes:
            name = equation.name
            with at_key(f"equations[{number}]"):
                infer(equation.right_side, shapes, equation.text or name)
            raise NetworkError(
                f"the size of {name} does not follow from its equation; give it under sizes, such as"
                f' sizes = {{ {name} = "n_h" }}',
                f"equations[{number}]",
            )
    for number, equation in enumerate(network.equations):
        with at_key(f"equations[{number}]"):
            _require_fits(equation, shapes)
    for name, start in network.start.items():
        with at_key(f"start.{name}"):
            _require_start_fits(name, start, shapes)
    return shapes


def _infer_repeatedly(network: Network, shapes: dict[str, Shape]) -> None:
    for _ in network.equations:
        before = len(shapes)
        for number, equation in enumerate(network.equations):
            if equation.name not in shapes:
                with at_key(f"equations[{number}]"):
                    shape = infer(equation.right_side, shapes, equation.text or equation.name, is_final=False)
                if shape is not None:
                    shapes[equation.name] = shape
        if len(shapes) == before:
            return


def _require_fits(equation: Equation, shapes: Mapping[str, Shape]) -> None:
    where = equation.text or equation.name
    found, wanted = infer(equation.right_side, shapes, where), shapes[equation.name]
    assert found is not None
    if len(found) == 2 and not equation.is_static:
        raise NetworkError(f"{where}: the right side is a matrix; a variable is a vector or a number")
    if found not in (wanted, ()):
        raise NetworkError(
            f"{where}: the right side is {show_shape(found)}, {equation.name} is {show_shape(wanted)}"
        )


def _require_start_fits(name: str, start: Node, shapes: Mapping[str, Shape]) -> None:
    found = infer(start, shapes)
    if found is not None and found not in (shapes[name], ()):
        raise NetworkError(f"{name} is {show_shape(shapes[name])}, its start value is {show_shape(found)}")


class _Inference:
    """The shape of one equation's parts."""

    def __init__(self, shapes: Mapping[str, Shape | None], where: str, is_final: bool) -> None:
        self.shapes = shapes
        self.where = where
        self.is_final = is_final

    def of(self, node: Node) -> Shape | None:
        match node:
            case Constant():
                return ()
            case Parameter(name) | Signal(name) | At(name):
                return self.shapes.get(name)
            case Sum() | Product() | Quotient():
                return self._entrywise(node)
            case Power(inner) | Over(_, inner):
                return self.of(inner)
            case Transpose(inner):
                return self._transposed(inner)
            case MatrixProduct():
                return self._matrix_product(node)
            case OuterProduct(left, right):
                rows, columns = self.of(left), self.of(right)
                return None if rows is None or columns is None else rows + columns
            case Function():
                return self._function(node)

    def _error(self, message: str, node: Node) -> NetworkError:
        column = _column(self.where, node)
        if column is not None:
            return EquationError(message, self.where, column)
        return NetworkError(f"{self.where}: {message}" if self.where else message)

    def _entrywise(self, node: Node) -> Shape | None:
        """The shape of what is joined entry by entry: that of its parts, where a number goes with all."""
        found = [(child, self.of(child)) for child in children(node)]
        if isinstance(node, Product) and self._is_matrix_times_signal(found):
            if not self.is_final:
                return None
            text = written(node, IN_PRODUCT, "python")
            message = f"{text} multiplies a matrix with a vector entry by entry: {WRITE_AT}"
            raise self._error(message, node)
        wide = [(child, shape) for child, shape in found if shape]
        for child, shape in wide[1:]:
            if shape != wide[0][1]:
                self._raise_unequal(node, wide[0], (child, shape))
        if wide:
            return wide[0][1]
        return None if any(shape is None for _, shape in found) else ()

    def _is_matrix_times_signal(self, found: list[tuple[Node, Shape | None]]) -> bool:
        if not any(shape and len(shape) == 2 for _, shape in found):
            return False
        others = [child for child, shape in found if shape is None or len(shape) == 1]
        return any(isinstance(inner, Signal | At) for child in others for _, inner in walk(child))

    def _raise_unequal(self, node: Node, one: tuple[Node, Shape], other: tuple[Node, Shape]) -> None:
        has_matrix = isinstance(node, Product) and 2 in (len(one[1]), len(other[1]))
        hint = f"; {WRITE_AT}" if has_matrix else ""
        parts = " and ".join(
            f"{written(part, IN_PRODUCT, 'python')} is {show_shape(shape)}" for part, shape in (one, other)
        )
        raise self._error(f"{parts}: they cannot be {JOINED.get(type(node), 'compared')}{hint}", other[0])

    def _transposed(self, inner: Node) -> Shape | None:
        shape = self.of(inner)
        if shape is None:
            return None
        if len(shape) != 2:
            text = written(inner, AS_FACTOR, "python")
            raise self._error(f"{text} is {show_shape(shape)}: only a matrix has a transpose", inner)
        return shape[::-1]

    def _matrix_product(self, node: MatrixProduct) -> Shape | None:
        self._require_brackets_where_meant(node)
        left, right = self.of(node.left), self.of(node.right)
        if () in (left, right):
            number = written(node.left if left == () else node.right, AS_FACTOR, "python")
            raise self._error(f"in {_python(node)}, {number} is a number: multiply with *", node)
        if left is None or right is None:
            # A signal is never a matrix, so the rows are known before the signal is.
            is_vector = any(isinstance(inner, Signal | At) for _, inner in walk(node.right))
            return left[:1] if left is not None and len(left) == 2 and right is None and is_vector else None
        if left[-1] != right[0]:
            shapes = (
                f"{_python(node.left)} is {show_shape(left)} and {_python(node.right)} is {show_shape(right)}"
            )
            raise self._error(f"in {_python(node)}, {shapes}{_fitting(node, left, right)}", node)
        return left[:-1] + right[1:]

    def _require_brackets_where_meant(self, node: MatrixProduct) -> None:
        """`z * U @ h` is (z * U) @ h to Python, and never means that."""
        if not isinstance(node.left, Product):
            return
        *first, matrix = node.left.factors
        ranks = [None if shape is None else len(shape) for shape in map(self.of_quietly, first)]
        shape = self.of_quietly(matrix)
        is_meant = 1 in ranks or (self.is_final and None in ranks)
        if shape is not None and len(shape) == 2 and is_meant:
            meant = written(Product((*first, MatrixProduct(matrix, node.right))), IN_PRODUCT, "python")
            raise self._error(f"* is done before @ here: write {meant}", node.left)

    def of_quietly(self, node: Node) -> Shape | None:
        """The shape; None also where parts do not go together."""
        try:
            return self.of(node)
        except NetworkError:
            return None

    def _function(self, node: Function) -> Shape | None:
        match node.name:
            case "max" | "min" | "mod":
                return self._entrywise(node)
            case "stack":
                return self._stacked(node)
            case "part":
                return self._part(node)
            case "softmax" if self.of(node.args[0]) == ():
                raise self._error("softmax of a number is always 1; it is meant for vectors", node)
            case "dot" | "total" | "first-entry":
                for arg in node.args:
                    self.of(arg)
                return ()
            case "fitted":
                return self.of(node.args[1])
            case "first-row" | "pad":
                return self._reshaped(node)
            case name if name.startswith("slice"):
                return self.of(node.args[1 + int(name.removeprefix("slice"))])
            case _:
                return self.of(node.args[0])

    def _stacked(self, node: Function) -> Shape | None:
        total = Size(())
        for arg in node.args:
            shape = self.of(arg)
            if shape is None:
                return None
            if len(shape) == 2:
                raise self._error(f"in {_python(node)}, {_python(arg)} is a matrix; vectors are stacked", arg)
            total += shape[0] if shape else Size.of({"": 1})
        return (total,)

    def _part(self, node: Function) -> Shape | None:
        shape = self.of(node.args[0])
        if shape is None:
            return None
        part = shape[0].parts(node.of) if len(shape) == 1 else None
        if part is None:
            text = f"{_python(node.args[0])} is {show_shape(shape)}, which has no {node.of} equal parts"
            raise self._error(text, node)
        return (part,)

    def _reshaped(self, node: Function) -> Shape | None:
        """Of a matrix its first row; of a vector one part among zeros."""
        shape = self.of(node.args[0])
        if shape is None:
            return None
        if node.name == "pad":
            return (shape[0].times(node.of),)
        return shape[1:]


def _python(node: Node) -> str:
    return written(node, ANY, "python")


def _fitting(node: MatrixProduct, left: Shape, right: Shape) -> str:
    """The transpose that would make a product fit, as the end of a sentence."""
    if len(left) == 2 and left[0] == right[0]:
        fits = MatrixProduct(turned(node.left), node.right)
    elif len(right) == 2 and left[-1] == right[1]:
        fits = MatrixProduct(node.left, turned(node.right))
    else:
        return ""
    return f"; {_python(fits)} would fit"


def _column(text: str, node: Node) -> int | None:
    """Where a node stands in an equation's text; None where that is not sure."""
    tokens = re.findall(r"\w+|\*\*|[^\w\s]", _python(node))
    found = list(re.finditer(r"(?<!\w)" + r"\s*".join(map(re.escape, tokens)) + r"(?!\w)", text))
    return found[0].start() if len(found) == 1 else None
