"""Which shapes go together, beside the same rules in numbers, and what documents show of networks."""

from __future__ import annotations

import random
import re
import tomllib
from pathlib import Path

import pytest

from grader.networks.equations.faults import NetworkError
from grader.networks.equations.shapes import infer
from grader.networks.equations.sizes import bind, read_shape, read_size, show_shape
from grader.networks.equations.tree import (
    Function,
    MatrixProduct,
    Node,
    OuterProduct,
    Parameter,
    Power,
    Product,
    Quotient,
    Signal,
    Sum,
    Transpose,
)
from grader.specs.networks import Networks, with_networks
from grader.specs.question import WrittenExercise

# So chosen that numbers are equal, or have five equal parts, only where the named sizes do.
SIZES = {"n": 101, "m": 1001}
SHAPES = {"a": "number", "v": "n", "w": "m", "M": "n x m", "Q": "n x n", "p": "5*n"}
PARAMETERS = {name: read_shape(text) for name, text in SHAPES.items()}
SIGNALS = {"h": read_shape("n"), "x": read_shape("m"), "s": ()}


class Mismatch(Exception):
    pass


def in_numbers(node: Node) -> tuple[int, ...]:
    """The shape, by the rules of the page on networks."""
    match node:
        case Parameter(name) | Signal(name):
            return tuple(size.at(SIZES) for size in {**PARAMETERS, **SIGNALS}[name])
        case Sum(terms):
            return together(*(in_numbers(term) for _, term in terms))
        case Product(factors) | Function("max", factors):
            return together(*map(in_numbers, factors))
        case Quotient(above, below):
            return together(in_numbers(above), in_numbers(below))
        case Power(base):
            return in_numbers(base)
        case Transpose(arg):
            shape = in_numbers(arg)
            return shape[::-1] if len(shape) == 2 else fail()
        case MatrixProduct(left, right):
            one, other = in_numbers(left), in_numbers(right)
            return one[:-1] + other[1:] if one and other and one[-1] == other[0] else fail()
        case Function("stack", args):
            lengths = [(*in_numbers(arg), 1)[0] if len(in_numbers(arg)) < 2 else fail() for arg in args]
            return (sum(lengths),)
        case Function("part", (arg,)):
            shape = in_numbers(arg)
            return (shape[0] // 5,) if len(shape) == 1 and shape[0] % 5 == 0 else fail()
        case Function("softmax", (arg,)):
            return in_numbers(arg) or fail()
        case Function("tanh", (arg,)):
            return in_numbers(arg)
    raise TypeError(node)


def together(*shapes: tuple[int, ...]) -> tuple[int, ...]:
    wide = {shape for shape in shapes if shape}
    return (wide or {()}).pop() if len(wide) < 2 else fail()


def fail():
    raise Mismatch


def drawn(rng: random.Random, depth: int) -> Node:
    if depth == 0 or rng.random() < 0.1:
        return rng.choice([*map(Parameter, PARAMETERS), *map(Signal, SIGNALS)])

    def inner() -> Node:
        return drawn(rng, depth - 1)

    return rng.choice(
        [
            lambda: Sum(((1, inner()), (-1, inner()))),
            lambda: Product((inner(), inner())),
            lambda: Quotient(inner(), inner()),
            lambda: Power(inner(), 2),
            lambda: Transpose(inner()),
            lambda: MatrixProduct(inner(), inner()),
            lambda: MatrixProduct(inner(), inner()),
            lambda: Function("tanh", (inner(),)),
            lambda: Function("max", (inner(), inner())),
            lambda: Function("stack", (inner(), inner())),
            lambda: Function("part", (inner(),), 2, 5),
            lambda: Function("softmax", (inner(),)),
        ]
    )()


def inferred(node: Node) -> tuple[int, ...] | None:
    try:
        shape = infer(node, {**PARAMETERS, **SIGNALS})
    except NetworkError:
        return None
    assert shape is not None
    return tuple(size.at(SIZES) for size in shape)


def expected(node: Node) -> tuple[int, ...] | None:
    try:
        return in_numbers(node)
    except Mismatch:
        return None


@pytest.mark.parametrize("seed", range(10))
def test_what_goes_together_is_what_goes_together_in_numbers(seed: int):
    rng = random.Random(seed)
    accepted = 0
    for _ in range(400):
        node = drawn(rng, rng.randint(1, 3))
        assert inferred(node) == expected(node), node
        accepted += expected(node) is not None
    assert 40 < accepted < 360


@pytest.mark.parametrize(
    ("text", "shown", "values", "number"),
    [
        ("n_in + n_h", "n_h + n_in", {"n_in": 3, "n_h": 4}, 7),
        ("4*n_h", "4*n_h", {"n_h": 4}, 16),
        ("n*2 + 1", "2*n + 1", {"n": 4}, 9),
        ("2*(n + m) + n", "2*m + 3*n", {"n": 1, "m": 10}, 23),
        ("7", "7", {}, 7),
    ],
)
def test_sizes_are_linear_forms(text: str, shown: str, values: dict[str, int], number: int):
    assert str(read_size(text)) == shown
    assert read_size(text).at(values) == number


def test_sizes_follow_from_arrays_one_unknown_at_a_time():
    shapes = {"W": read_shape("4*n x n + m"), "b": read_shape("4*n")}
    assert bind(shapes, {"W": (8, 5), "b": (8,)}) == {"n": 2, "m": 3}
    with pytest.raises(ValueError, match="an axis of b has 4 entries"):
        bind(shapes, {"W": (8, 5), "b": (4,)})
    with pytest.raises(ValueError, match="an axis of 7 entries is not 4"):
        bind(shapes, {"W": (7, 5), "b": (8,)})
    with pytest.raises(ValueError, match="do not follow from the arrays"):
        bind({"W": read_shape("n + m")}, {"W": (5,)})


def test_shapes_in_words():
    assert [show_shape(read_shape(text)) for text in ("number", "n", "n x m")] == [
        "a number",
        "a vector of n",
        "n x m",
    ]


ROOT = Path(__file__).parents[4]
BLOCKS = [
    pytest.param(block, id=f"{page.name}: {block.splitlines()[0][:30]}")
    for page in sorted((ROOT / "docs").glob("*.md"))
    for block in re.findall(
        r"^```toml\n(\[network\..*?)^```", page.read_text("utf-8"), re.DOTALL | re.MULTILINE
    )
]


@pytest.mark.parametrize("block", BLOCKS)
def test_networks_that_the_documents_show_can_be_read(block: str):
    # A page may go on with the check of a question; "..." stands for what everybody knows.
    tables = tomllib.loads(block)["network"]
    for name, table in tables.items():
        if "..." not in str(table):
            with_networks({"network": {name: table}}, WrittenExercise, Networks(), "page", "")


def test_the_documents_show_networks():
    assert len(BLOCKS) >= 3


@pytest.mark.parametrize("unknown", [{"h"}, {"x"}, {"s"}, {"h", "s"}, {"h", "x", "s"}])
def test_what_follows_without_some_variables_stays_so_when_they_are_known(unknown: set[str]):
    """A variable may still turn out a number then, so that nothing of it is refused too early."""
    rng = random.Random(len(unknown))
    known = {name: shape for name, shape in {**PARAMETERS, **SIGNALS}.items() if name not in unknown}
    n_early = 0
    for _ in range(600):
        node = drawn(rng, rng.randint(1, 3))
        right = expected(node)
        if right is None:
            continue
        early = infer(node, known, is_final=False)
        assert early is None or tuple(size.at(SIZES) for size in early) == right, node
        n_early += early is not None
    assert n_early > 50


def test_a_matrix_times_a_variable_has_the_rows_of_the_matrix():
    known = {"M": read_shape("n x m"), "v": read_shape("n")}
    x, M, v = Signal("x"), Parameter("M"), Parameter("v")
    assert infer(MatrixProduct(M, x), known, is_final=False) == read_shape("n")
    assert infer(MatrixProduct(M, Sum(((1, x), (1, x)))), known, is_final=False) == read_shape("n")
    for node in (MatrixProduct(x, M), MatrixProduct(v, x), MatrixProduct(M, Parameter("z"))):
        assert infer(node, known, is_final=False) is None


SIDES = [Parameter("M"), Parameter("Q"), Parameter("R"), Parameter("v"), Signal("x")]
SIDES += [Transpose(one) for one in SIDES[:3]]


@pytest.mark.parametrize("left", SIDES)
@pytest.mark.parametrize("right", SIDES)
def test_a_product_that_does_not_fit_names_the_transpose_that_would(left: Node, right: Node):
    """Of the left side first; what is transposed already loses its T."""
    lengths = {"M": (101, 1001), "Q": (101, 101), "R": (7, 101), "v": (101,), "x": (1001,)}

    def of(node: Node) -> tuple[int, ...]:
        return lengths[node.arg.name][::-1] if isinstance(node, Transpose) else lengths[node.name]  # type: ignore[attr-defined]

    def text(node: Node) -> str:
        if isinstance(node, Transpose):
            return f"{text(node.arg)}.T"
        return f"{node.name}(t)" if isinstance(node, Signal) else node.name  # type: ignore[attr-defined]

    def turned(node: Node) -> Node:
        return node.arg if isinstance(node, Transpose) else Transpose(node)

    shapes = {name: read_shape(" x ".join(map(str, lengths[name]))) for name in lengths}
    a, b = of(left), of(right)
    if a[-1] == b[0]:
        assert infer(MatrixProduct(left, right), shapes) is not None
        return
    wanted = ""
    if len(a) == 2 and a[0] == b[0]:
        wanted = f"; {text(turned(left))} @ {text(right)} would fit"
    elif len(b) == 2 and a[-1] == b[1]:
        wanted = f"; {text(left)} @ {text(turned(right))} would fit"
    with pytest.raises(NetworkError) as told:
        infer(MatrixProduct(left, right), shapes)
    assert wanted in str(told.value)
    assert ("would fit" in str(told.value)) == bool(wanted)


def test_shapes_of_what_mistakes_and_gradients_put_in():
    known = {"v": read_shape("n"), "w": read_shape("m"), "M": read_shape("n x m"), "s": ()}
    v, w, M, s = (Parameter(name) for name in ("v", "w", "M", "s"))
    assert infer(Function("dot", (v, v)), known) == ()
    assert infer(Function("fitted", (w, v)), known) == read_shape("n")
    assert infer(Function("first-row", (M,)), known) == read_shape("m")
    assert infer(Function("pad", (v,), 2, 3), known) == read_shape("3*n")
    for i, one in enumerate((v, s, w)):
        node = Function(f"slice{i}", (Function("stack", (v, s, w)), v, s, w))
        assert infer(node, known) == known[one.name]
    assert infer(OuterProduct(v, w), known) == read_shape("n x m")
    assert infer(OuterProduct(v, Parameter("z")), known) is None
    assert infer(OuterProduct(Parameter("z"), v), known) is None
