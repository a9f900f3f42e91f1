"""What a thing is and what names it holds, asked so that its class can neither lie nor raise."""

import dataclasses
import enum
import functools
import types
from collections.abc import Callable
from typing import Any

from .clock import TooLong

Names = dict[str, Any]
"""What a student may hold a question's fields in: the names of a class, an instance or a mapping."""

STUDENT_MODULES: set[str] = set()
"""Names of the modules that were made from answer files."""

KINDS_DESCRIBED: dict[type, str] = {
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
    """What a thing is, for a message: "a set", "a function"."""
    kind = type(value)
    if kind is types.GeneratorType and value.gi_code.co_name == "<genexpr>":  # type: ignore[attr-defined]
        return "a generator (wrap it in list())"
    if kind in KINDS_DESCRIBED:
        return KINDS_DESCRIBED[kind]
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
    """A test whether a type is `wanted` or derived from it; the object itself is not asked."""
    return lambda kind: issubclass(kind, wanted)


def is_from(name: str, *modules: str) -> Callable[[type], bool]:
    """A test whether a type, or one of its bases, is this one of a library, which is not imported for it."""

    def is_it(kind: type) -> bool:
        return any(name_of(base) == name and module_of(base) in modules for base in bases(kind))

    return is_it


def is_symbolic_matrix(kind: type) -> bool:
    """Whether the type is one of the matrices of sympy or mpmath, without importing them."""
    return module_of(kind).startswith(("sympy.", "mpmath.")) and callable(getattr(kind, "tolist", None))


is_sympy_tuple = is_from("Tuple", "sympy.core.containers")
is_masked = is_from("MaskedArray", "numpy.ma", "numpy.ma.core")


class UnreadValue:
    """Stands in place of a value that could not be made or read.

    Args:
        description: What it is, for the student.
    """

    def __init__(self, description: str) -> None:
        self.description = description


def class_names(kind: type) -> Names:
    """Names of a class and its bases, without methods of `object`; of two with one name the nearer."""
    names: Names = {}
    for base in reversed(bases(kind)[:-1]):
        names.update(names_in(base))
    return names


def class_namespace(kind: type) -> Names:
    """A class used as a namespace, with what it inherits and what it only sets when it is called.

    One whose `__init__` sets names, or with properties, is called without arguments where that can be done.
    """
    if issubclass(type(kind), enum.EnumMeta):
        return {name: enum_value(member) for name, member in names_in(kind)["_member_map_"].items()}
    names = class_names(kind)
    if issubclass(kind, tuple):
        return dict(names.get("_field_defaults") or names)
    for field in dataclasses.fields(kind) if dataclasses.is_dataclass(kind) else ():
        if field.default_factory is not dataclasses.MISSING:
            names[field.name] = made(field.default_factory, "a default_factory")
    if is_students_own(kind) and not dataclasses.is_dataclass(kind) and needs_an_object(names):
        one = made(kind, "a class")
        names.update(instance_namespace(one) if type(one) is kind else {})
    return names


def needs_an_object(names: Names) -> bool:
    """Whether a class sets names only when an object is made of it: in `__init__`, or as properties."""
    if isinstance(names.get("__init__"), types.FunctionType):
        return True
    return any(issubclass(type(found), property | functools.cached_property) for found in names.values())


def enum_value(member: object) -> object:
    """What a member of an Enum stands for."""
    return vars(member)["_value_"]


def instance_namespace(value: object) -> Names:
    """An object of the student's own class: class attributes, properties and slots, then its own."""
    own = getattr(value, "__dict__", {})
    names = {**class_names(type(value)), **own}
    for name, found in class_names(type(value)).items():
        if name.startswith("_") or name in own:
            continue
        if issubclass(type(found), property | functools.cached_property):
            names[name] = made(functools.partial(getattr, value, name), "a property")
        elif issubclass(type(found), types.MemberDescriptorType):
            names[name] = getattr(value, name, None)
    return names


def made(make: Callable[[], object], what: str) -> object:
    """The value that the student's code makes; where it raises, only this value is lost."""
    try:
        return make()
    except (TooLong, MemoryError):
        raise
    except BaseException as error:
        return UnreadValue(f"{what} that raises {name_of(type(error))}")
