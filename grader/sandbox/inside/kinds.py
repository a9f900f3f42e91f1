"""What a thing is, asked so that its class can neither lie nor raise."""

import types
from collections.abc import Callable
from typing import Any

STUDENT_MODULES: set[str] = set()
"""Names of the modules that were made from answer files."""

KIND_WORDS: dict[type, str] = {
    set: "a set",
    frozenset: "a set",
    bytes: "bytes",
    list: "a list",
    tuple: "a tuple",
    dict: "a dictionary",
    type: "a class",
    types.FunctionType: "a function",
    types.BuiltinFunctionType: "a function",
    types.LambdaType: "a function",
    types.MethodType: "a method",
    types.ModuleType: "a module",
    types.GeneratorType: "a generator (the function uses yield)",
    types.CoroutineType: "a coroutine (the function is async)",
    map: "a map object (wrap it in list())",
    zip: "a zip object (wrap it in list())",
    filter: "a filter object (wrap it in list())",
    enumerate: "an enumerate object (wrap it in list())",
}

# The descriptors of `type` itself: a metaclass may answer `kind.__name__` with anything, or raise.
_NAME: Callable[[type], Any] = type.__dict__["__name__"].__get__
_MODULE: Callable[[type], Any] = type.__dict__["__module__"].__get__
bases: Callable[[type], tuple[type, ...]] = type.__dict__["__mro__"].__get__
names_in: Callable[[type], Any] = type.__dict__["__dict__"].__get__


def kind_of(value: object) -> str:
    """What a thing is, in words: "a set", "a function"."""
    kind = type(value)
    if kind is types.GeneratorType and value.gi_code.co_name == "<genexpr>":  # type: ignore[attr-defined]
        return "a generator (wrap it in list())"
    if kind in KIND_WORDS:
        return KIND_WORDS[kind]
    if issubclass(kind, type):
        return "a class"
    if issubclass(kind, BaseException):
        return "an exception"
    return f"an object of type {name_of(kind)}"


def name_of(kind: type) -> str:
    """The class's own name."""
    return str(_NAME(kind))


def module_of(kind: type) -> str:
    """Name of the module where the class was defined; empty where it does not say."""
    try:
        found = _MODULE(kind)
    except AttributeError:
        return ""
    return found if type(found) is str else ""


def is_students_own(kind: type) -> bool:
    """Whether the class was defined in an answer file: those are modules of their own."""
    return module_of(kind) in STUDENT_MODULES


def is_kind(wanted: type) -> Callable[[type], bool]:
    """Whether a type is another's, asked of the type itself."""
    return lambda kind: issubclass(kind, wanted)


def is_from(name: str, *modules: str) -> Callable[[type], bool]:
    """Whether a type or one of its bases is a library's, without importing the library."""

    def is_it(kind: type) -> bool:
        return any(name_of(base) == name and module_of(base) in modules for base in bases(kind))

    return is_it


def is_symbolic_matrix(kind: type) -> bool:
    """Whether the type is one of the matrices of sympy or mpmath, without importing them."""
    return module_of(kind).startswith(("sympy.", "mpmath.")) and callable(getattr(kind, "tolist", None))


is_sympy_tuple = is_from("Tuple", "sympy.core.containers")
is_masked = is_from("MaskedArray", "numpy.ma", "numpy.ma.core")
