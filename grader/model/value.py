"""Plain values: all that ever comes back from a student's process.

They are JSON on the wire (`{"t": "number", "text": "0.1", "kind": "float"}`), decoded by msgspec into this
closed set of types. Numbers travel as text, so what was written as 0.1 stays exactly one tenth.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

NumberKind: TypeAlias = Literal["int", "float", "single", "rational", "complex"]
Dtype: TypeAlias = Literal["<f8", "<f4", "<i8", "|b1", "<c16"]

ITEM_BYTES: dict[Dtype, int] = {"<f8": 8, "<f4": 4, "<i8": 8, "|b1": 1, "<c16": 16}
MAX_NDIM = 6


class Plain(msgspec.Struct, frozen=True, tag_field="t", forbid_unknown_fields=True):
    """Root of the plain values; `t` names the type on the wire."""


class Nothing(Plain, tag="none", frozen=True):
    """Python's None."""


class Flag(Plain, tag="flag", frozen=True):
    """True or False."""

    value: bool


class Number(Plain, tag="number", frozen=True):
    """One number by its text: "12", "0.1", "1/3", "nan", "inf", "(1+2j)".

    A float's text is the shortest decimal that gives it back in its own dtype; "single" is one of 32 bits or
    fewer.
    """

    text: str
    kind: NumberKind


class Text(Plain, tag="text", frozen=True):
    """A string."""

    text: str


class Array(Plain, tag="array", frozen=True):
    """A numpy array: raw little-endian bytes in C order (base64 on the wire)."""

    dtype: Dtype
    shape: tuple[int, ...]
    data: bytes

    def __post_init__(self) -> None:
        # Plain steps: a class with code makes one for each call of each answer.
        size, shape = ITEM_BYTES[self.dtype], self.shape
        if len(shape) > MAX_NDIM:
            raise ValueError("impossible array shape")
        for length in shape:
            if length < 0:
                raise ValueError("impossible array shape")
            size *= length
        if len(self.data) != size:
            raise ValueError("array data does not fit its shape")


class Items(Plain, tag="items", frozen=True):
    """A list or a tuple."""

    items: tuple[Value, ...]


class Fields(Plain, tag="fields", frozen=True):
    """A dict, class or namespace with names as keys."""

    fields: dict[str, Value]


class Formula(Plain, tag="formula", frozen=True):
    """A sympy expression that is not a rational number.

    Args:
        text: As it prints.
        plain: The same with a plain name for each symbol that is called "t_{11}", "a'" or "exp"; empty where
            there is none.
        names: What each of these names stands for, as it prints.
    """

    text: str
    plain: str = ""
    names: dict[str, str] = {}


class Opaque(Plain, tag="opaque", frozen=True, omit_defaults=True):
    """Anything else, by what it is: "a function", "a set", "an array of shape (1000, 1000)".

    Args:
        description: What it is.
        members: Of a small set of texts these, sorted: which ones there are can be read, an order cannot.
    """

    description: str
    members: tuple[str, ...] = ()


class Generator(Plain, tag="generator", frozen=True):
    """Only as an argument of a call: a seeded numpy random Generator."""

    seed: int


Value: TypeAlias = Nothing | Flag | Number | Text | Array | Items | Fields | Formula | Opaque | Generator
