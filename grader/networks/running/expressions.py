"""A tree as the text of a Python expression over numpy; only text that is made here is ever executed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, TypeAlias

from grader.networks.equations.sizes import Shape
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
)
from grader.networks.running.functions import (
    FUNCTIONS,
    WITH_PART_AND_OF,
    WITH_PLACES,
    outer_total,
    picked,
    piece,
    row_outer_totals,
    row_totals,
    shifted,
    total,
)

Shapes: TypeAlias = Mapping[str, Shape]

# What generated text may name, beside numpy. An author's names get a prefix of their own (`value_name`),
# so that no name of theirs is a keyword, or one of these.
VOCABULARY: Mapping[str, Callable[..., Any]] = {
    **{f"f_{name.replace('-', '_')}": function for name, function in FUNCTIONS.items()},
    "piece": piece,
    "shifted": shifted,
    "picked": picked,
    "outer_total": outer_total,
    "total": total,
    "row_totals": row_totals,
    "row_outer_totals": row_outer_totals,
}
# Which steps a sum over all steps takes: those of mistakes with gradients take one.
STEPS_OF = {"total": "", "batch": "", "total-first": "[:1]", "total-last": "[-1:]"}
OVER = {"sum": "({}).sum(0)", "mean": "({}).mean(0)", "last": "({})[-1]", "first": "({})[0]"}


# What functions give that do not keep the rank of their arguments.
RANKS = {"dot": 0, "total": 0, "first-entry": 0, "stack": 1, "part": 1, "pad": 1, "first-row": 1}


def value_name(name: str) -> str:
    """How generated text calls the value of an input, parameter or variable."""
    return f"v_{name}"


def transposed_name(name: str) -> str:
    """How generated text calls a parameter's transpose."""
    return f"t_{name}"


def rank(node: Node, shapes: Shapes) -> int:
    """0 for a number, 1 for a vector, 2 for a matrix, in a tree whose shapes fit.

    Args:
        node: The tree.
        shapes: Of each name in it.
    """
    # No match: it takes five times as long, and this is asked of thousands of nodes.
    if isinstance(node, (Parameter, Signal, At)):
        return len(shapes[node.name])
    if isinstance(node, Constant):
        return 0
    if isinstance(node, MatrixProduct):
        return rank(node.left, shapes) + rank(node.right, shapes) - 2
    if isinstance(node, OuterProduct):
        return 2
    if isinstance(node, Function):
        if node.name in RANKS:
            return RANKS[node.name]
        if node.name == "fitted":
            return rank(node.args[1], shapes)
        if node.name.startswith("slice"):
            return rank(node.args[1 + int(node.name[5:])], shapes)
    return max([rank(child, shapes) for child in children(node)])


@dataclass
class ExpressionWriter:
    """Writes trees as expressions; `total` and `outer_total` name the functions that add up over all steps.

    Args:
        shapes: Of each name.
        signal: How a signal is read there.
        known: What stands for a subtree that has been computed before, or None.
        transposed: Filled with the parameters whose transposes the text names.
        computed: Variables: a matrix among them is not there yet where the others are transposed.
    """

    total: ClassVar[str] = "total"
    outer_total: ClassVar[str] = "outer_total"
    shapes: Shapes
    signal: Callable[[Signal], str]
    known: Callable[[Node], str | None] = lambda node: None
    transposed: set[str] = field(default_factory=set)
    computed: Collection[str] = ()

    def text(self, node: Node) -> str:
        """The expression as source."""
        known = self.known(node)
        if known is not None:
            return known
        match node:
            case Constant(value):
                return repr(float(value)) if value >= 0 else f"({float(value)!r})"
            case Parameter(name):
                return value_name(name)
            case Signal():
                return self.signal(node)
            case At(name, when):
                return f"{value_name(name)}[{-1 if when == 'T' else int(when) - 1}]"
            case Transpose(arg):
                return f"np.swapaxes({self.text(arg)}, -1, -2)"
            case Sum(terms):
                return self._sum(terms)
            case Product(factors):
                return f"({' * '.join(map(self.text, factors))})"
            case Quotient(above, below):
                return f"({self.text(above)} / {self.text(below)})"
            case Power(base, 2):
                return f"np.square({self.text(base)})"
            case Power(base, exponent):
                return f"({self.text(base)} ** {exponent})"
            case MatrixProduct(left, right):
                return self._matrix_product(left, right)
            case OuterProduct(left, right):
                return f"({self.text(left)}[..., :, None] * {self.text(right)}[..., None, :])"
            case Over(how, arg):
                return self._over(how, arg)
            case Function():
                return self._function(node)
        raise TypeError(node)

    def _sum(self, terms: tuple[tuple[int, Node], ...]) -> str:
        signed = [f"{'-' if sign < 0 else '+'} {self.text(term)}" for sign, term in terms]
        return f"({' '.join(signed).removeprefix('+ ')})"

    def _matrix_product(self, left: Node, right: Node) -> str:
        ranks = rank(left, self.shapes), rank(right, self.shapes)
        if ranks == (1, 1):
            return f"f_dot({self.text(left)}, {self.text(right)})"
        if ranks != (2, 1):
            return f"({self.text(left)} @ {self.text(right)})"
        return self._matrix_times_vector(left, right)

    def _matrix_times_vector(self, left: Node, right: Node) -> str:
        # M v is written v M^T: steps and batches lead, and vectors lie along the last axis.
        if isinstance(left, Transpose):
            matrix = self.text(left.arg)
        elif isinstance(left, Parameter) and left.name not in self.computed:
            self.transposed.add(left.name)
            matrix = transposed_name(left.name)
        else:
            matrix = f"np.swapaxes({self.text(left)}, -1, -2)"
        return f"({self.text(right)} @ {matrix})"

    def _over(self, how: str, arg: Node) -> str:
        if how in OVER:
            return OVER[how].format(self.text(arg))
        steps = STEPS_OF[how]
        match arg:
            case OuterProduct(left, right):
                return f"{self.outer_total}({self.text(left)}{steps}, {self.text(right)}{steps})"
            case Sum(terms) if all(isinstance(term, OuterProduct) for _, term in terms):
                return self._sum(tuple((sign, Over(how, term)) for sign, term in terms))
        return f"{self.total}(({self.text(arg)}){steps})"

    def _function(self, node: Function) -> str:
        args = [self.text(arg) for arg in node.args]
        if node.name.startswith("slice"):
            return f"piece({int(node.name[5:])}, {', '.join(args)})"
        if node.name in WITH_PART_AND_OF:
            args += [str(node.part), str(node.of)]
        elif node.name in WITH_PLACES:
            args.append(str(node.part))
        return f"f_{node.name.replace('-', '_')}({', '.join(args)})"


class RowWriter(ExpressionWriter):
    """Writes trees for values of many rows: what is added up over all steps is so row by row."""

    total, outer_total = "row_totals", "row_outer_totals"
