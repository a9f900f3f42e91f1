"""Numbers and formulas as plain values, exact: `{"t": "number", "text": "1/3", "kind": "rational"}`.

A symbol of sympy may be called "t_{11}", "a'", "I" or "exp", which any reader of formulas takes for something
else, and T[0, 0] is one without a name. Beside the text that sympy prints goes another, in which each of
those has a name of its own: the same for the same symbol, wherever it stands. It helps students, and nothing
is proved by it.
"""

import hashlib
import re
import sys
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np

from . import caps
from .objects import module_of

Plain = dict[str, Any]

SINGLE = (np.float32, np.float16)
"""Types that have no more than seven digits, whatever they were made from."""


def number(text: str, kind: str) -> Plain:
    """The plain value of a number."""
    return {"t": "number", "text": text, "kind": kind}


def opaque(description: str) -> Plain:
    """The plain value of something that cannot be handed back: what it is."""
    clean = description.encode("utf-8", "replace").decode()
    return {"t": "opaque", "description": clean[: caps.MAX_DESCRIPTION]}


def whole(value: int) -> Plain:
    """An int of any size up to the cap."""
    if int.bit_length(value) > caps.MAX_BITS:
        return opaque("a whole number with more than 1200 digits")
    return number(int.__repr__(value), "int")


def floating(text: str, kind: str = "float") -> Plain:
    """A float by the text that its own type prints."""
    exponent = text.lower().rpartition("e")[2] if "e" in text.lower() else "0"
    if abs(int(exponent)) > caps.MAX_EXPONENT:
        return opaque(f"the number {text}, which is out of a float's range")
    return number(text, kind)


def ratio(numerator: int, denominator: int) -> Plain:
    """An exact fraction, in lowest terms as its type keeps it."""
    if denominator == 1:
        return whole(numerator)
    if max(int.bit_length(numerator), int.bit_length(denominator)) > caps.MAX_BITS:
        return opaque("a fraction with more than 1200 digits")
    return number(f"{int.__repr__(numerator)}/{int.__repr__(denominator)}", "rational")


def decimal(value: Decimal) -> Plain:
    """A Decimal by its digits: 0.1 is one tenth, and a third with 28 digits is rounded, as in a float."""
    if not value.is_finite():
        return floating("nan" if value.is_nan() else f"{float(value)!r}")
    if abs(value.adjusted()) > caps.MAX_EXPONENT or len(value.as_tuple().digits) > caps.MAX_DIGITS:
        return opaque("a decimal number that is out of range")
    return floating(str(value))


def scalar(value: object) -> Plain | None:
    """A number or truth value of Python or numpy; None for anything else."""
    kind = type(value)
    if kind is bool or kind is np.bool_:
        return {"t": "flag", "value": bool(value)}
    if issubclass(kind, int):
        return whole(value)  # type: ignore[arg-type]
    if issubclass(kind, float):
        return floating(float.__repr__(value))
    if issubclass(kind, complex):
        return number(complex.__repr__(value), "complex")
    if issubclass(kind, np.integer):
        return whole(int(value))  # type: ignore[call-overload]
    if issubclass(kind, np.timedelta64):
        return None
    if issubclass(kind, np.floating):
        return floating(str(value), "single" if issubclass(kind, SINGLE) else "float")
    if issubclass(kind, np.complex64) and value.imag == 0:  # type: ignore[attr-defined]
        return floating(str(value.real), "single")  # type: ignore[attr-defined]
    if issubclass(kind, np.complexfloating):
        return number(str(value), "complex")
    if issubclass(kind, Fraction):
        return ratio(Fraction.numerator.fget(value), Fraction.denominator.fget(value))  # type: ignore[attr-defined]
    if issubclass(kind, Decimal):
        return decimal(value)  # type: ignore[arg-type]
    if module_of(kind).startswith("mpmath.") and (hasattr(kind, "_mpf_") or hasattr(kind, "_mpc_")):
        return multiprecision(value)
    return None


def multiprecision(value: Any) -> Plain:
    """A number of mpmath, by the digits that it prints."""
    if hasattr(type(value), "_mpc_"):
        return number(complex.__repr__(complex(value)), "complex")
    return floating(str(value).removeprefix("+"))


def symbolic(value: object) -> Plain | None:
    """A sympy number or expression; None for anything else, and where sympy was never imported."""
    sympy: Any = sys.modules.get("sympy")
    if sympy is None or not issubclass(type(value), getattr(sympy, "Basic", ())):
        return None
    if value in (sympy.true, sympy.false):
        return {"t": "flag", "value": value is sympy.true}
    if issubclass(type(value), sympy.logic.boolalg.Boolean) and not issubclass(type(value), sympy.Symbol):
        return formula(value)
    if issubclass(type(value), sympy.Interval):
        return formula(value)
    if not issubclass(type(value), sympy.Expr) or getattr(value, "is_Matrix", False):
        return None
    if issubclass(type(value), sympy.Rational):
        return ratio(int(value.p), int(value.q)) if value.q else floating("nan")  # type: ignore[attr-defined]
    if issubclass(type(value), sympy.Float):
        return floating(str(value))
    if value in (sympy.nan, sympy.zoo, sympy.oo, -sympy.oo):
        return floating({sympy.oo: "inf", -sympy.oo: "-inf"}.get(value, "nan"))
    return formula(value)


def formula(value: object) -> Plain:
    """A formula or condition of sympy, by the text that it prints, and by one with plain names if need be."""
    text = str(value)
    if len(text) > caps.MAX_FORMULA:
        return opaque(f"a formula of {len(text)} characters")
    plain, names = renamed(value)
    if not names or len(plain) > caps.MAX_FORMULA or len(names) > caps.MAX_SYMBOLS:
        return {"t": "formula", "text": text}
    return {"t": "formula", "text": text, "plain": plain, "names": names}


USUAL = re.compile(r"[A-Za-zͰ-Ͽ][A-Za-zͰ-Ͽ0-9]*(_[A-Za-z0-9]+)?")
TAKEN = re.compile(
    r"sqrt|pi|exp|log|cos|sin|tan|tanh|cosh|sinh|sech|abs|Abs|E|I|oo|zoo|nan"
    r"|and|or|in|not|True|False|(co)?sine\d+|q[a-p]{8}"
)
"""What a reader takes for something else, and what the names made here look like."""

LETTERS = str.maketrans("0123456789abcdef", "abcdefghijklmnop")


def renamed(value: Any) -> tuple[str, dict[str, str]]:
    """An expression under plain names, and what each of these stands for; empty where none is needed.

    Args:
        value: A sympy expression or condition.
    """
    sympy: Any = sys.modules["sympy"]
    kinds = (sympy.Symbol, sympy.matrices.expressions.matexpr.MatrixElement, sympy.Indexed)
    unusual = [one for one in value.atoms(*kinds) if not is_usual(str(one))]
    if not unusual:
        return "", {}
    names = {one: plain_name(sympy.srepr(one)) for one in unusual}
    text = str(value.xreplace({one: sympy.Symbol(name) for one, name in names.items()}))
    return text, {name: str(one) for one, name in names.items() if re.search(rf"\b{name}\b", text)}


def is_usual(name: str) -> bool:
    """Whether the formula reader takes the text for a name, and for nothing else."""
    return USUAL.fullmatch(name) is not None and TAKEN.fullmatch(name) is None


def plain_name(description: str) -> str:
    """A name of nine letters, another one for another description."""
    digest = hashlib.sha256(description.encode("utf-8", "replace")).hexdigest()
    return "q" + digest[:8].translate(LETTERS)
