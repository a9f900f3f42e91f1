"""Trees in their one form, worked out by hand, and the ranks of trees."""

from __future__ import annotations

from fractions import Fraction

import pytest

from grader.networks.equations.shapes import infer
from grader.networks.equations.simplifying import simplified
from grader.networks.equations.sizes import read_shape
from grader.networks.equations.tree import (
    At,
    Constant,
    Function,
    MatrixProduct,
    OuterProduct,
    Over,
    Parameter,
    Power,
    Product,
    Quotient,
    Signal,
    Sum,
    Transpose,
)
from grader.networks.running.expressions import rank

a, b, W, h = Parameter("a"), Parameter("b"), Parameter("W"), Signal("h", 1)
ZERO, ONE, TWO = (Constant(Fraction(number)) for number in range(3))


def minus(node):
    return Sum(((-1, node),))


@pytest.mark.parametrize(
    ("tree", "form"),
    [
        (Sum(((1, a), (1, ZERO))), a),
        (Sum(((-1, a), (1, ZERO))), minus(a)),
        (Sum(((1, ZERO), (-1, ZERO))), ZERO),
        (Sum(()), ZERO),
        (Sum(((1, a), (-1, Sum(((1, b), (-1, h)))))), Sum(((1, a), (-1, b), (1, h)))),
        (minus(minus(a)), a),
        (Product((a, ONE)), a),
        (Product((ONE, ONE)), ONE),
        (Product(()), ONE),
        (Product((a, ZERO, b)), ZERO),
        (Product((a, Product((b, h)))), Product((a, b, h))),
        (Product((minus(a), b)), minus(Product((a, b)))),
        (Product((minus(a), minus(b))), Product((a, b))),
        (Product((minus(a), minus(b), minus(h))), minus(Product((a, b, h)))),
        (Product((minus(ZERO), a)), ZERO),
        (Product((minus(Product((a, b))), h)), minus(Product((a, b, h)))),
        (MatrixProduct(ZERO, h), ZERO),
        (MatrixProduct(W, ZERO), ZERO),
        (MatrixProduct(minus(W), h), minus(MatrixProduct(W, h))),
        (MatrixProduct(W, minus(h)), minus(MatrixProduct(W, h))),
        (MatrixProduct(minus(W), minus(h)), MatrixProduct(W, h)),
        (MatrixProduct(ONE, h), MatrixProduct(ONE, h)),
        (OuterProduct(ZERO, h), ZERO),
        (OuterProduct(a, ZERO), ZERO),
        (OuterProduct(a, h), OuterProduct(a, h)),
        (Quotient(minus(a), b), minus(Quotient(a, b))),
        (Quotient(Sum(((1, a), (-1, b))), h), Quotient(Sum(((1, a), (-1, b))), h)),
        (Quotient(a, minus(b)), Quotient(a, minus(b))),
        (Transpose(Transpose(W)), W),
        (Transpose(Transpose(Transpose(W))), Transpose(W)),
        (Transpose(ZERO), ZERO),
        (Over("mean", ZERO), ZERO),
        (Over("mean", h), Over("mean", h)),
        (Function("tanh", (Product((a, ONE)),)), Function("tanh", (a,))),
        (Power(Sum(((1, a), (1, ZERO))), 2), Power(a, 2)),
    ],
)
def test_zeros_ones_signs_and_brackets_that_say_nothing_are_dropped(tree, form):
    assert simplified(tree) == form


SHAPES = {
    "s": (),
    "v": read_shape("n"),
    "w": read_shape("m"),
    "M": read_shape("n x m"),
    "Q": read_shape("n x n"),
}
SHAPES |= {"h": read_shape("n")}
s, v, w, M, Q = map(Parameter, "svwMQ")
STACK = Function("stack", (v, s))


@pytest.mark.parametrize(
    ("tree", "number"),
    [
        (ONE, 0),
        (s, 0),
        (v, 1),
        (M, 2),
        (Signal("h", 1), 1),
        (At("h", "T"), 1),
        (Transpose(M), 2),
        (MatrixProduct(M, w), 1),
        (MatrixProduct(v, M), 1),
        (MatrixProduct(v, v), 0),
        (MatrixProduct(Q, M), 2),
        (OuterProduct(v, w), 2),
        (Sum(((1, s), (1, v))), 1),
        (Sum(((1, M), (1, OuterProduct(v, w)))), 2),
        (Product((s, M)), 2),
        (Product((s, ONE)), 0),
        (Quotient(v, s), 1),
        (Power(v, 2), 1),
        (Over("mean", v), 1),
        (Function("dot", (v, v)), 0),
        (Function("total", (v,)), 0),
        (Function("first-entry", (v,)), 0),
        (Function("stack", (s, s)), 1),
        (Function("part", (STACK,), 1, 1), 1),
        (Function("pad", (v,), 1, 2), 1),
        (Function("first-row", (M,)), 1),
        (Function("fitted", (w, v)), 1),
        (Function("fitted", (v, s)), 0),
        (Function("slice0", (STACK, v, s)), 1),
        (Function("slice1", (STACK, v, s)), 0),
        (Function("max", (s, v)), 1),
        (Function("tanh", (M,)), 2),
    ],
)
def test_the_rank_is_that_of_the_shape(tree, number):
    assert rank(tree, SHAPES) == number
    shape = infer(tree, SHAPES)
    assert shape is not None
    assert len(shape) == number
