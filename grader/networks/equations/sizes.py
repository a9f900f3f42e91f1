# mypy: ignore-errors
# ruff: noqa
"""Symbolic sizes: whole-number linear forms over named sizes, e.g. n_in + n_h, 4*n_h."""

from __future__ import annotations
import ast
from dataclasses import dataclass


@dataclass(frozen=True)
class Size:
    form: tuple  # sorted ((name, coefficient), ...); "" is the constant

    @staticmethod
    def of(d):
        return Size(tuple(sorted((k, v) for k, v in d.items() if v)))

    def __add__(self, o):
        d = dict(self.form)
        for k, v in o.form:
            d[k] = d.get(k, 0) + v
        return Size.of(d)

    def times(self, n):
        return Size.of({k: v * n for k, v in self.form})

    def parts(self, n):
        return Size.of({k: v // n for k, v in self.form}) if all(v % n == 0 for _, v in self.form) else None

    @property
    def names(self):
        return {k for k, _ in self.form if k}

    def at(self, values):
        return sum(v * (values[k] if k else 1) for k, v in self.form)

    def __str__(self):
        parts = [(str(v) if not k else k if v == 1 else f"{v}*{k}") for k, v in self.form if k] + [
            str(v) for k, v in self.form if not k
        ]
        return " + ".join(parts) or "0"


def read_size(text: str) -> Size:
    def go(n) -> Size:
        match n:
            case ast.Name(id=name):
                return Size.of({name: 1})
            case ast.Constant(value=int(v)) if v >= 0:
                return Size.of({"": v})
            case ast.BinOp(left=a, op=ast.Add(), right=b):
                return go(a) + go(b)
            case ast.BinOp(left=ast.Constant(value=int(k)), op=ast.Mult(), right=b):
                return go(b).times(k)
        raise ValueError(f"{text!r} is no size; write a name, a whole number, n_in + n_h or 4*n_h")

    try:
        body = ast.parse(text.strip(), mode="eval").body
    except SyntaxError:
        raise ValueError(f"{text!r} is no size; write a name, a whole number, n_in + n_h or 4*n_h") from None
    return go(body)


def read_shape(text: str) -> tuple:
    """ "number" -> (), "n_h" -> (n_h,), "n_in x n_h" -> (n_in, n_h)."""
    text = text.strip()
    if text == "number":
        return ()
    parts = [p for p in text.split(" x ")]
    if not 1 <= len(parts) <= 2:
        raise ValueError(f'{text!r} is no shape; write "number", "n_h" or "n_in x n_h"')
    return tuple(read_size(p) for p in parts)


def show_shape(s):
    return "a number" if s == () else " x ".join(map(str, s)) if len(s) == 2 else f"a vector of {s[0]}"


def bind(shapes: dict, arrays: dict) -> dict:
    """The value of each size name from arrays (name -> trailing axes), by linear forms with one unknown at a time."""
    values, left = (
        {},
        [(name, size, n) for name, shape in shapes.items() for size, n in zip(shape, arrays[name])],
    )
    while left:
        rest = []
        for name, size, n in left:
            unknown = [(k, v) for k, v in size.form if k and k not in values]
            if not unknown:
                if size.at(values) != n:
                    raise ValueError(
                        f"{name}: {size} = {size.at(values)}, but an axis of {name} has {n} entries"
                    )
            elif len(unknown) == 1:
                k, v = unknown[0]
                known = sum(c * (values[j] if j else 1) for j, c in size.form if j != k)
                if (n - known) % v or n - known <= 0:
                    raise ValueError(f"{name}: an axis of {n} entries is not {size}")
                values[k] = (n - known) // v
            else:
                rest.append((name, size, n))
        if len(rest) == len(left):
            raise ValueError(f"the sizes {', '.join(sorted(rest[0][1].names))} do not follow from the arrays")
        left = rest
    return values
