"""Functions that stand in a class: with `self` they are called on an instance, else on the class."""

import inspect
import types
from typing import Any

from .kinds import is_students_own
from .names import class_names

RECEIVER = "self"
"""What the first parameter of a method is called, by convention (PEP 8)."""


class Instances:
    """One instance for each class, so that what a method keeps on it is there at its next call."""

    def __init__(self) -> None:
        self.made: dict[type, Any] = {}

    def of(self, kind: type) -> Any:
        """The instance of a class, made without arguments; what making it raises is raised."""
        if kind not in self.made:
            try:
                self.made[kind] = kind()
            except TypeError as error:
                raise TypeError(
                    f"{error} (its method is called on an object made without arguments)"
                ) from error
        return self.made[kind]

    def attribute(self, holder: Any, name: str, arguments: int) -> Any:
        """What a name in a class or object is, a method with `self` on an instance.

        Args:
            holder: The class or object; it has the name.
            name: The name.
            arguments: How many the function is to be called with.
        """
        if issubclass(type(holder), type) and is_method(class_names(holder).get(name), arguments):
            return getattr(self.of(holder), name)
        return getattr(holder, name)

    def callable_of(self, found: Any, arguments: int) -> Any:
        """What to call: a class that can be called like a function gives its instance."""
        is_own = issubclass(type(found), type) and is_students_own(found)
        if is_own and is_method(class_names(found).get("__call__"), arguments):
            return self.of(found)
        return found


def is_method(found: object, arguments: int) -> bool:
    """Whether a function in a class wants the instance before so many arguments.

    Args:
        found: What stands in the class: neither a staticmethod nor a classmethod is a function.
        arguments: How many there are.
    """
    if not isinstance(found, types.FunctionType):
        return False
    parameters = [
        one
        for one in inspect.signature(found).parameters.values()
        if one.kind in (one.POSITIONAL_ONLY, one.POSITIONAL_OR_KEYWORD)
    ]
    if not parameters:
        return False
    needed = sum(one.default is one.empty for one in parameters)
    return parameters[0].name == RECEIVER or needed == arguments + 1
