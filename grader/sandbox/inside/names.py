"""The names in a class, an instance or a mapping: what a student may hold a question's fields in."""

import dataclasses
import enum
import functools
import types
from collections.abc import Callable
from typing import Any

from .clock import TooLong
from .kinds import bases, is_students_own, name_of, names_in
from .numbers_text import Unread

Names = dict[str, Any]


def class_names(kind: type) -> Names:
    """Names of a class and its bases, the nearest first to win; without methods of `object`."""
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
    """What the student's code makes; one that raises costs only itself."""
    try:
        return make()
    except (TooLong, MemoryError):
        raise
    except BaseException as error:
        return Unread(f"{what} that raises {name_of(type(error))}")
