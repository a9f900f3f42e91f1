"""The weights of a network, cut into blocks: what each of them reads and gives, and how many there are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Literal, TypeAlias

import msgspec

from grader.formula import tree as formulas
from grader.networks.equations.network import Equation, Network
from grader.networks.equations.shapes import infer
from grader.networks.equations.sizes import Size
from grader.networks.equations.tree import (
    Function,
    MatrixProduct,
    Node,
    Parameter,
    Product,
    Signal,
    Sum,
    Transpose,
    children,
    reads_of,
    walk,
)

Role: TypeAlias = Literal["input", "recurrent", "layer", "bias", "other"]
WEIGHTS: tuple[Role, ...] = ("input", "recurrent", "layer")
ONE = Size.of({"": 1})


class Block(msgspec.Struct, frozen=True):
    """Weights between two vectors: as many as the product of their sizes.

    Args:
        parameter: Of which it is a part; a matrix that is applied to stacked vectors has a block for each.
        equation: In which it stands first.
        out: How many numbers it gives.
        into: How many it reads; 1 for a bias, and for weights that stand entry by entry.
        role: What it reads: an input, what comes back from an earlier step, what another variable gives;
            nothing (a bias); "other" where it is none of these: a start value, a rate.
        reads: Names of the variables and inputs that it reads.
        is_matrix: Whether every number that goes in reaches every one that comes out.
        index: Which of its parameter's blocks it is.
        is_added: Whether the two sizes are added, as a mistake does.
    """

    parameter: str
    equation: str
    out: Size
    into: Size
    role: Role
    reads: frozenset[str] = frozenset()
    is_matrix: bool = True
    index: int = 0
    is_added: bool = False

    @property
    def key(self) -> tuple[str, int]:
        """What tells it from every other block, also when a mistake gives it another size."""
        return self.parameter, self.index


class ParameterPlace(msgspec.Struct, frozen=True):
    """Where a parameter stands in an equation.

    Args:
        parameter: Its name.
        parts: What it is applied to; more than one where vectors are stacked, none where it stands alone.
        is_bias: Whether it is added to what is computed of a step's values.
        is_transposed: Whether what it reads goes with its first axis.
        is_matrix: Whether it is multiplied as a matrix, and not entry by entry.
        product: The product that it stands in.
    """

    parameter: str
    parts: tuple[Node, ...] = ()
    is_bias: bool = False
    is_transposed: bool = False
    is_matrix: bool = False
    product: Node | None = None


def places(equation: Equation, network: Network) -> Iterator[ParameterPlace]:
    """Every place of a parameter in an equation, from left to right."""
    yield from _places(equation.right_side, network)


def _places(node: Node, network: Network) -> Iterator[ParameterPlace]:
    match node:
        case MatrixProduct(left, right):
            if found := _matrix(left, network):
                yield ParameterPlace(found[0], _stacked(right), False, found[1], True, node)
                yield from _places(right, network)
                return
            if found := _matrix(right, network):
                # u @ M is M^T u.
                yield ParameterPlace(found[0], _stacked(left), False, not found[1], True, node)
                yield from _places(left, network)
                return
        case Product(factors):
            for factor in factors:
                others = tuple(one for one in factors if one is not factor)
                if isinstance(factor, Parameter) and factor.name in network.parameters:
                    yield ParameterPlace(factor.name, others, product=node)
                else:
                    yield from _places(factor, network)
            return
        case Sum(terms):
            is_of_a_step = bool(_read(node))
            for _, term in terms:
                if isinstance(term, Parameter) and term.name in network.parameters:
                    yield ParameterPlace(term.name, is_bias=is_of_a_step)
                else:
                    yield from _places(term, network)
            return
        case Parameter(name):
            if name in network.parameters:
                yield ParameterPlace(name)
            return
    for inner in children(node):
        yield from _places(inner, network)


def _matrix(node: Node, network: Network) -> tuple[str, bool] | None:
    is_transposed = isinstance(node, Transpose)
    inner = node.arg if isinstance(node, Transpose) else node
    if isinstance(inner, Parameter) and inner.name in network.parameters:
        return inner.name, is_transposed
    return None


def _stacked(node: Node) -> tuple[Node, ...]:
    return node.args if isinstance(node, Function) and node.name == "stack" else (node,)


def blocks_of(network: Network) -> tuple[Block, ...]:
    """The blocks of all declared parameters, each parameter where it first stands.

    Start values that are handed in are no parameters, though they are arguments beside them.
    """
    found: dict[str, tuple[Block, ...]] = {}
    for equation in network.equations:
        for place in places(equation, network):
            if place.parameter not in found:
                found[place.parameter] = tuple(_blocks(place, equation, network))
    for name, shape in network.parameters.items():
        if name not in found:
            out, into = _axes(shape)
            found[name] = (Block(name, "", out, into, "other"),)
    trained = [name for name in network.parameters if name not in network.start_arguments]
    return tuple(block for name in trained for block in found[name])


def _axes(shape: tuple[Size, ...]) -> tuple[Size, Size]:
    padded = (*shape, ONE, ONE)
    return padded[0], padded[1]


def _blocks(place: ParameterPlace, equation: Equation, network: Network) -> Iterator[Block]:
    name, shape = place.parameter, network.parameters[place.parameter]
    if not place.parts:
        role: Role = "bias" if place.is_bias else "other"
        yield Block(name, equation.name, *_axes(shape), role, is_matrix=False)
        return
    if not place.is_matrix:
        reads = frozenset().union(*(_read(part) for part in place.parts))
        role = _role(equation, place.parts, network)
        yield Block(name, equation.name, *_axes(shape), role, reads, is_matrix=False)
        return
    sizes = shape if len(shape) == 2 else (ONE, shape[0])
    out, into = reversed(sizes) if place.is_transposed and len(shape) == 2 else sizes
    for index, part in enumerate(place.parts):
        if len(place.parts) > 1:
            into = (infer(part, network.shapes, equation.name) or (ONE,))[0]
        role = _role(equation, (part,), network)
        yield Block(name, equation.name, out, into, role, _read(part), index=index)


def _read(node: Node) -> frozenset[str]:
    return frozenset(one.name for one in reads_of(node) if not isinstance(one, Parameter))


def _role(equation: Equation, parts: tuple[Node, ...], network: Network) -> Role:
    own = next((set(group.names) for group in network.groups if equation.name in group.names), set())
    signals = [one for part in parts for one in reads_of(part) if not isinstance(one, Parameter)]
    if any(isinstance(one, Signal) and one.lag and one.name in own for one in signals):
        return "recurrent"
    if any(one.name not in network.inputs for one in signals):
        return "layer"
    return "input" if signals else "other"


def packed_parts(network: Network) -> dict[str, int]:
    """For each variable that is taken apart into equal parts, how many: the gates of packed weights."""
    return {
        one.args[0].name: one.of
        for equation in network.equations
        for _, one in walk(equation.right_side)
        if isinstance(one, Function) and one.name == "part" and isinstance(one.args[0], Signal)
    }


def count_formula(blocks: Iterable[Block]) -> formulas.Formula:
    """How many weights there are in all."""
    return _sum(_product(block) for block in blocks)


def _product(block: Block) -> formulas.Formula:
    sizes = _size_formula(block.out), _size_formula(block.into)
    return formulas.Sum(sizes) if block.is_added else formulas.Product(sizes)


def _size_formula(size: Size) -> formulas.Formula:
    """A size as a formula: 4*n_h, n_in + n_h."""
    return _sum(
        formulas.Product((formulas.Constant(Fraction(times)), formulas.Symbol(name)))
        if name
        else formulas.Constant(Fraction(times))
        for name, times in size.form
    )


def _sum(terms: Iterable[formulas.Formula]) -> formulas.Formula:
    found = tuple(terms)
    if len(found) == 1:
        return found[0]
    return formulas.Sum(found) if found else formulas.Constant(Fraction(0))


def count_at(blocks: Iterable[Block], sizes: Mapping[str, int]) -> int:
    """How many weights there are for these sizes.

    Args:
        blocks: The weights that are counted.
        sizes: How long each named size is.
    """
    pairs = ((block.out.at(sizes), block.into.at(sizes), block.is_added) for block in blocks)
    return sum(out + into if is_added else out * into for out, into, is_added in pairs)
