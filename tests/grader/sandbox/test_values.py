"""From objects to plain values."""

import json

import numpy as np
import pytest

from grader.model.value import Array, Fields, Flag, Formula, Items, Nothing, Number, Opaque, Text

VALUES = {
    "None": Nothing(),
    "True": Flag(True),
    "np.bool_(False)": Flag(False),
    "np.True_": Flag(True),
    "12": Number("12", "int"),
    "-(10**30)": Number("-" + "1" + "0" * 30, "int"),
    "2**5000": Opaque("a whole number with more than 1200 digits"),
    "0.1": Number("0.1", "float"),
    "1e-300": Number("1e-300", "float"),
    "float('nan')": Number("nan", "float"),
    "-float('inf')": Number("-inf", "float"),
    "np.float64(0.1)": Number("0.1", "float"),
    "np.float32(0.1)": Number("0.1", "single"),
    "np.float16(0.1)": Number("0.1", "single"),
    "np.array([np.float32(0.1)], dtype=object)": Items((Number("0.1", "single"),)),
    "np.array(0.1, dtype='f4')": Number("0.1", "single"),
    "np.int8(-3)": Number("-3", "int"),
    "1+2j": Number("(1+2j)", "complex"),
    "np.complex64(0.1j)": Number("0.1j", "complex"),
    "np.complex64(0.1)": Number("0.1", "single"),
    "np.array([0.1], dtype='c8')": Items((Number("0.1", "single"),)),
    "Fraction(1, 3)": Number("1/3", "rational"),
    "Fraction(6, 3)": Number("2", "int"),
    "Decimal('0.1')": Number("0.1", "float"),
    "Decimal('NaN')": Number("nan", "float"),
    "Decimal('1e999999')": Opaque("a decimal number that is out of range"),
    "'2x1'": Text("2x1"),
    "'2\\u00d71'": Text("2×1"),
    "'x' * 20_000": Opaque("a string of 20000 characters"),
    "'\\ud800'": Text("?"),
    "'\\u202e\\x1b[31mred'": Text("\\u202ered"),
    "b'raw'": Opaque("bytes"),
    "[1, (2, 'a')]": Items((Number("1", "int"), Items((Number("2", "int"), Text("a"))))),
    "range(2)": Items((Number("0", "int"), Number("1", "int"))),
    "{1}": Opaque("a set"),
    "{'C', 'A'}": Opaque("a set", ("A", "C")),
    "frozenset('ba')": Opaque("a set", ("a", "b")),
    "{'A', 1}": Opaque("a set"),
    "set()": Opaque("a set"),
    "set(map(str, range(53)))": Opaque("a set"),
    "np": Opaque("a module"),
    "len": Opaque("a function"),
    "lambda: 1": Opaque("a function"),
    "(i for i in [1])": Opaque("a generator (wrap it in list())"),
    "dict(s0=1, _x=2)": Fields({"s0": Number("1", "int")}),
    "{1: 2, np.int64(2): 3}": Fields({"1": Number("2", "int"), "2": Number("3", "int")}),
    "{1: 2, '2': 3}": Fields({"1": Number("2", "int"), "2": Number("3", "int")}),
    "{1: 2, '1': 3}": Opaque("a dictionary with keys that are not names"),
    "{10**9: 2}": Opaque("a dictionary with keys that are not names"),
    "{1.5: 2}": Opaque("a dictionary with keys that are not names"),
    "{True: 2}": Opaque("a dictionary with keys that are not names"),
    "SimpleNamespace(s0=1)": Fields({"s0": Number("1", "int")}),
    "Space": Fields({"s0": Number("1", "int"), "base": Number("0", "int")}),
    "Made(5)": Fields({"s0": Number("5", "int")}),
    "Slotted(5)": Fields({"s0": Number("5", "int")}),
    "Named(5)": Fields({"s0": Number("5", "int")}),
    "Own()": Fields({"s0": Number("1", "int"), "s1": Number("2", "int")}),
    "Own": Fields({"s0": Number("1", "int"), "s1": Number("2", "int")}),
    "Computed": Fields({"s0": Number("1", "int"), "s1": Number("2", "int"), "s2": Number("3", "int")}),
    "type('Wants', (Own,), {'__init__': lambda self, n: None})": Fields({"s0": Number("1", "int")}),
    "type('Ends', (Own,), {'__init__': lambda self: exit()})": Fields({"s0": Number("1", "int")}),
    "Three.A": Number("3", "int"),
    "np.array(5.0)": Number("5.0", "float"),
    "np.array([])": Array("<f8", (0,), b""),
    "np.array([True])": Array("|b1", (1,), b"\x01"),
    "np.matrix([[1, 2]])": Array("<i8", (1, 2), np.array([1, 2], "<i8").tobytes()),
    "np.array([1, 2], dtype='>i2')": Array("<i8", (2,), np.array([1, 2], "<i8").tobytes()),
    "np.array([0.5], dtype='>f8')": Array("<f8", (1,), np.array([0.5], "<f8").tobytes()),
    "np.array([0.1], dtype='f4')": Array("<f4", (1,), np.array([0.1], "<f4").tobytes()),
    "np.array([0.1], dtype='f2')": Items((Number("0.1", "single"),)),
    "np.array([2**64 - 1], dtype='u8')": Items((Number(str(2**64 - 1), "int"),)),
    "np.array([Fraction(1, 3)])": Items((Number("1/3", "rational"),)),
    "np.array(['1/3'])": Items((Text("1/3"),)),
    "np.array([[1, 2], [3, 4]])[:, ::-1].T": Array("<i8", (2, 2), np.array([2, 4, 1, 3], "<i8").tobytes()),
    "np.zeros((1000, 1000))": Opaque("an array of shape (1000, 1000)"),
    "np.zeros((1,) * 7)": Opaque("an array of shape (1, 1, 1, 1, 1, 1, 1)"),
    "[0] * 300_000": Opaque("a list with more than 200,000 entries"),
    "np.ma.array([1, 2], mask=[0, 1])": Opaque("a masked array with entries that are masked"),
    "np.ma.array([1, 2])": Array("<i8", (2,), np.array([1, 2], "<i8").tobytes()),
    "Computed()": Fields({"s0": Number("1", "int"), "s1": Number("2", "int"), "s2": Number("3", "int")}),
    "Broken()": Fields({"s0": Opaque("a property that raises ZeroDivisionError"), "s1": Number("1", "int")}),
    "[Named(5)]": Items((Items((Number("5", "int"),)),)),
    "NamedClass": Fields({"s0": Number("1", "int")}),
    "Lazy": Fields({"s0": Items(()), "s1": Number("1", "int")}),
    "PlainSlots()": Fields({"s0": Number("1", "int"), "s1": Nothing()}),
    "argparse.Namespace(s0=1)": Fields({"s0": Number("1", "int")}),
    "MappingProxyType({'s0': 1})": Fields({"s0": Number("1", "int")}),
    "collections.UserDict(s0=1)": Fields({"s0": Number("1", "int")}),
    "collections.OrderedDict(s0=1)": Fields({"s0": Number("1", "int")}),
    "Choice": Fields({"s0": Number("1", "int"), "s1": Text("x")}),
    "Choice.s0": Number("1", "int"),
    "collections.deque([1])": Items((Number("1", "int"),)),
    "array.array('d', [0.5])": Array("<f8", (1,), np.array([0.5]).tobytes()),
    "array.array('f', [0.1])": Array("<f4", (1,), np.array([0.1], "<f4").tobytes()),
    "mpmath.mpf('0.1')": Number("0.1", "float"),
    "mpmath.mpf('inf')": Number("inf", "float"),
    "mpmath.mpc(1, 2)": Number("(1+2j)", "complex"),
    "mpmath.matrix([[1, 2]])": Items((Items((Number("1.0", "float"), Number("2.0", "float"))),)),
    "__file__": Text("answer.py"),
    "Tensor()": Array("<f8", (1,), np.array([0.5]).tobytes()),
    "object()": Opaque("an object of type object"),
}

SYMPY_VALUES = {
    "sympy.Rational(1, 3)": Number("1/3", "rational"),
    "sympy.Integer(4)": Number("4", "int"),
    "sympy.Float('0.25')": Number("0.250000000000000", "float"),
    "sympy.sqrt(2)": Formula("sqrt(2)"),
    "sympy.Symbol('a') * 2": Formula("2*a"),
    "sympy.oo": Number("inf", "float"),
    "sympy.nan": Number("nan", "float"),
    "sympy.true": Flag(True),
    "abs(sympy.Symbol('a')) < 1": Formula("Abs(a) < 1"),
    "(0 < sympy.Symbol('a')) & (sympy.Symbol('a') < 1)": Formula("(a > 0) & (a < 1)"),
    "sympy.Interval.open(-1, 1)": Formula("Interval.open(-1, 1)"),
    "sympy.Contains(sympy.Symbol('a'), sympy.Interval(0, 1))": Formula("Contains(a, Interval(0, 1))"),
    "sympy.Symbol('x_1') + sympy.Symbol('e')": Formula("e + x_1"),
    "sympy.Matrix([[1, 2]])": Items((Items((Number("1", "int"), Number("2", "int"))),)),
    "sympy.ImmutableMatrix([[1], [2]])": Items((Items((Number("1", "int"),)), Items((Number("2", "int"),)))),
    "sympy.Tuple(1, 2)": Items((Number("1", "int"), Number("2", "int"))),
}

PREAMBLE = """
import argparse, array, collections, enum, mpmath
from collections import namedtuple
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from types import MappingProxyType, SimpleNamespace
from typing import NamedTuple
import numpy as np

class Base: base = 0
class Space(Base): s0 = 1; _hidden = 2
@dataclass
class Made: s0: int
@dataclass(slots=True)
class Slotted: s0: int
Named = namedtuple("Named", "s0")
class Own:
    s0 = 1
    def __init__(self): self.s1 = 2
class Three(enum.IntEnum): A = 3
class Choice(enum.Enum): s0 = 1; s1 = "x"
class Computed:
    s0 = 1
    s1 = property(lambda self: 2)
    @cached_property
    def s2(self): return 3
class Broken:
    s0 = property(lambda self: 1 / 0)
    s1 = 1
class NamedClass(NamedTuple): s0: int = 1
@dataclass
class Lazy: s0: list = field(default_factory=list); s1: int = 1
class PlainSlots:
    __slots__ = ("s0", "s1")
    def __init__(self): self.s0 = 1
class Tensor:
    def __array__(self, dtype=None, copy=None): return np.array([0.5])
"""


@pytest.fixture(scope="module")
def values(sandbox):
    """All values of the table, read from one answer."""
    from grader.model.exercise import Limits
    from grader.model.run import Read
    from grader.model.submission import AnswerFile, Submission

    sources = {**VALUES, **SYMPY_VALUES}
    lines = [PREAMBLE, "import sympy", *(f"v{i} = {source}" for i, source in enumerate(sources))]
    files = (AnswerFile("answer.py", "\n".join(lines).encode()),)
    answer = Submission(student="ada", files=files, digest="sha256:0")
    result = sandbox.run(answer, [Read(f"v{i}") for i in range(len(sources))], Limits())
    assert result.faults == ()
    return {source: result.names[f"v{i}"] for i, source in enumerate(sources)}


@pytest.mark.parametrize("source", [*VALUES, *SYMPY_VALUES])
def test_value_is_handed_back_as_a_plain_one(values, source):
    assert values[source] == {**VALUES, **SYMPY_VALUES}[source]


def test_value_deeper_than_twelve_levels_is_opaque(read):
    assert read("value = [1]\nfor _ in range(20): value = [value]") == Opaque(
        "a list with more than 12 levels"
    )


def test_list_that_holds_itself_is_opaque(read):
    assert isinstance(read("value = []\nvalue.append(value)"), Opaque)


LIES = {
    "a class that says it is a list": "class L:\n __class__ = property(lambda s: list)\nvalue = L()",
    "a list that never ends": ("class L(list):\n def __iter__(s):\n  while True: yield 1\nvalue = L([1])"),
    "an int with a text": "class I(int):\n def __repr__(s): return 9\n __str__ = __repr__\nvalue = I(1)",
    "an array with its own bytes": (
        "import numpy as np\nclass A(np.ndarray):\n def tobytes(s): return b'x' * 800\n"
        " shape = property(lambda s: (10, 10))\nvalue = np.zeros(2).view(A)"
    ),
    "an array made by itself": ("class A:\n def __array__(s, *a, **k):\n  while True: pass\nvalue = A()"),
    "attributes that raise": "class A:\n def __getattribute__(s, n): raise SystemExit\nvalue = A()",
    "a dict that lies": "class D(dict):\n def items(s): return [(1, 2)]\nvalue = D(a=1)",
    "a float that is its own subclass": "class F(float):\n def __float__(s): return 1.0\nvalue = F(2)",
}


@pytest.mark.parametrize("lie", LIES)
def test_lying_object_is_only_another_plain_value(read, lie):
    assert read(LIES[lie]) is not None


def test_lying_number_counts_by_what_it_is(read):
    assert read(LIES["an int with a text"]) == Number("1", "int")
    assert read(LIES["a float that is its own subclass"]) == Number("2.0", "float")


def test_shape_as_a_namedtuple_is_a_sequence_in_a_questions_object(read):
    code = "from collections import namedtuple\nShape = namedtuple('Shape', 'rows cols')\n"
    two = Number("2", "int")
    assert read(code + "value = dict(Wsx=Shape(rows=2, cols=2))") == Fields({"Wsx": Items((two, two))})


def test_json_numbers_are_exact_by_their_digits(read):
    data = {"answer.json": '{"value": [0.10, 1e2, 123456789012345678901234567890, -0.5, true, null, "1/3"]}'}
    assert read(data) == Items(
        (
            Number("0.10", "float"),
            Number("1e2", "float"),
            Number("123456789012345678901234567890", "int"),
            Number("-0.5", "float"),
            Flag(True),
            Nothing(),
            Text("1/3"),
        )
    )


def test_json_value_equals_the_same_in_python(read):
    content = {"a": [[1, 2], [3, 4]], "b": {"c": "x"}}
    assert read({"answer.json": json.dumps({"value": content})}) == read(f"value = {content!r}")
