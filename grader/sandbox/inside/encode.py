"""The student's objects as plain values (`grader.model.value` says which).

An object may lie: its class may claim to be a list, iterate for ever, or raise. Whatever it does happens
in the student's own process, under the clock, and can only come out as another plain value or a fault.
So `type()` is asked and not `isinstance`, and the methods of the built-in types are called, not its own.
"""

import binascii
import collections
import dataclasses
import enum
import types
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from . import caps
from .objects import (
    UnreadValue,
    class_namespace,
    enum_value,
    instance_namespace,
    is_from,
    is_kind,
    is_masked,
    is_students_own,
    is_symbolic_matrix,
    is_sympy_tuple,
    kind_of,
)
from .scalars import Plain, opaque, scalar, symbolic

DIRECT = {"float64": "<f8", "float32": "<f4", "bool": "|b1", "complex128": "<c16"}
"""Types of array whose bytes go over as they are."""


class TooMany(Exception):
    """The value has more entries, or is deeper, than may be handed back."""


def plain(value: object, is_name: bool = False) -> Plain:
    """The plain value of any object; what cannot be handed back becomes `opaque`.

    Args:
        value: The object.
        is_name: It stands at top level, where a namedtuple holds fields; elsewhere it is a tuple: a shape
            (rows=2, cols=3), or the two things that a function returns.
    """
    try:
        if is_name and is_named_tuple(type(value)):
            return Encoder().named_tuple(value, 1)
        return Encoder().encode(value, 0)
    except TooMany as too_many:
        return opaque(f"{kind_of(value)} with {too_many}")


class Encoder:
    """Encodes one value and counts its entries."""

    def __init__(self) -> None:
        self.entries = 0

    def count(self, entries: int) -> None:
        """Count entries before they are made; raises `TooMany` where they are."""
        self.entries += entries
        if self.entries > caps.MAX_ENTRIES:
            raise TooMany(f"more than {caps.MAX_ENTRIES:,} entries")

    def encode(self, value: object, depth: int) -> Plain:
        """One value and all that is in it."""
        if depth > caps.MAX_DEPTH:
            raise TooMany(f"more than {caps.MAX_DEPTH} levels")
        self.count(1)
        if value is None:
            return {"t": "none"}
        kind = type(value)
        if kind is list or kind is tuple:
            return self.items(value, depth + 1)  # type: ignore[arg-type]
        if kind is np.ndarray:
            return self.array(value, depth + 1)
        if kind is UnreadValue:
            return opaque(value.description)  # type: ignore[attr-defined]
        simple = scalar(value) or symbolic(value)
        if simple is not None:
            return simple
        for accepts, encode in CONTAINERS:
            if accepts(kind):
                return encode(self, value, depth + 1)
        return opaque(kind_of(value))

    def text(self, value: str, depth: int) -> Plain:
        """A string, without lone surrogates, which no JSON reader takes."""
        length = str.__len__(value)
        if length > caps.MAX_TEXT:
            return opaque(f"a string of {length} characters")
        return {"t": "text", "text": str.encode(value, "utf-8", "replace").decode()}

    def items(self, values: Iterable[object], depth: int) -> Plain:
        """A list or tuple."""
        return {"t": "items", "items": [self.encode(value, depth) for value in values]}

    def set_of(self, value: Iterable[object], depth: int) -> Plain:
        """A set: of a few texts which these are, and in no order."""
        members = list(value)
        made = opaque(kind_of(value))
        if 0 < len(members) <= caps.MAX_MEMBERS and all(
            type(one) is str and len(one) <= caps.MAX_NAME for one in members
        ):
            made["members"] = sorted(one.encode("utf-8", "replace").decode() for one in members)  # type: ignore[attr-defined]
        return made

    def dictionary(self, value: dict[object, object], depth: int) -> Plain:
        """A dict whose keys are names, or numbers of steps or items, or both."""
        names = [self.key(key) for key in dict.keys(value)]
        if None in names or len(set(names)) < len(names):
            return opaque("a dictionary with keys that are not names")
        return self.fields(list(zip(names, dict.values(value), strict=True)), depth)

    def key(self, key: object) -> str | None:
        """A key as a name; None where it is no name."""
        if type(key) is str:
            return key
        is_whole = type(key) is int or issubclass(type(key), np.integer)
        # Steps are few: a key of a million digits is never written out.
        return str(key) if is_whole and -caps.MAX_ENTRIES < key < caps.MAX_ENTRIES else None  # type: ignore[operator]

    def fields(self, pairs: Any, depth: int) -> Plain:
        """The public names of a namespace."""
        made: dict[str, Plain] = {}
        for name, value in dict(pairs).items():
            if not name.startswith("_") and len(name) <= caps.MAX_NAME:
                made[name.encode("utf-8", "replace").decode()] = self.encode(value, depth)
        return {"t": "fields", "fields": made}

    def named_tuple(self, value: Any, depth: int) -> Plain:
        """A namedtuple by its names."""
        return self.fields(zip(type(value)._fields, tuple.__iter__(value), strict=True), depth)

    def array_like(self, value: Any, depth: int) -> Plain:
        """A tensor of another library, through numpy."""
        if hasattr(value, "detach"):
            value = value.detach()
        made = np.asarray(value)
        if type(made) is not np.ndarray:
            return opaque(kind_of(value))
        return self.array(made, depth)

    def array(self, value: Any, depth: int) -> Plain:
        """An array: its bytes where the type is a common one, else entry by entry."""
        if is_masked(type(value)) and np.ma.getmaskarray(value).any():
            return opaque("a masked array with entries that are masked")
        array = np.ndarray.view(value, np.ndarray)
        if array.ndim == 0 and array.dtype.names is None:
            return self.encode(array.item() if array.dtype == object else array[()], depth)
        if array.size > caps.MAX_ENTRIES or array.ndim > caps.MAX_NDIM:
            return opaque(f"an array of shape {array.shape}")
        self.count(array.size)
        dtype = DIRECT.get(array.dtype.name)
        if array.dtype.kind in "iu" and (array.dtype != np.uint64 or not (array > 2**63 - 1).any()):
            dtype = "<i8"
        if dtype is None:
            return self.items(list(array), depth)
        raw = np.ascontiguousarray(array, dtype=np.dtype(dtype)).tobytes()
        return {
            "t": "array",
            "dtype": dtype,
            "shape": list(array.shape),
            "data": binascii.b2a_base64(raw, newline=False).decode("ascii"),
        }


def is_named_tuple(kind: type) -> bool:
    """Whether the type is a tuple whose entries have names."""
    return issubclass(kind, tuple) and hasattr(kind, "_fields")


CONTAINERS: tuple[tuple[Callable[[type], bool], Callable[[Encoder, Any, int], Plain]], ...] = (
    (is_kind(np.ndarray), Encoder.array),
    (is_kind(str), Encoder.text),
    (is_kind(list), lambda self, v, d: self.items(list.__iter__(v), d)),
    (is_kind(tuple), lambda self, v, d: self.items(tuple.__iter__(v), d)),
    (lambda kind: kind is range, Encoder.items),
    (lambda kind: kind is set or kind is frozenset, Encoder.set_of),
    (is_kind(collections.deque), lambda self, v, d: self.items(collections.deque.__iter__(v), d)),
    (is_kind(dict), Encoder.dictionary),
    (is_kind(types.MappingProxyType), lambda self, v, d: self.dictionary(dict(v), d)),
    (is_kind(collections.UserDict), lambda self, v, d: self.encode(vars(v)["data"], d - 1)),
    (is_kind(type), lambda self, v, d: self.fields(class_namespace(v), d)),
    (is_kind(enum.Enum), lambda self, v, d: self.encode(enum_value(v), d)),
    (is_symbolic_matrix, lambda self, v, d: self.items(v.tolist(), d)),
    (is_sympy_tuple, lambda self, v, d: self.items(v.args, d)),
    (lambda kind: callable(getattr(kind, "__array__", None)), Encoder.array_like),
    (is_from("array", "array"), Encoder.array_like),
    (lambda kind: kind is types.SimpleNamespace, lambda self, v, d: self.fields(vars(v), d)),
    (is_from("Namespace", "argparse"), lambda self, v, d: self.fields(vars(v), d)),
    (dataclasses.is_dataclass, lambda self, v, d: self.fields(instance_namespace(v), d)),
    (is_students_own, lambda self, v, d: self.fields(instance_namespace(v), d)),
)
"""Which types are taken apart how, best first."""
