"""Calling the student's functions.

A function is found by its name; one that stands in a class with `self` is called on an instance, else on the
class. Its arguments are made of plain values, afresh for every call.
"""

import binascii
import inspect
import itertools
import types
from collections.abc import Sequence
from typing import Any

import numpy as np

from . import faults
from .answers import Answers, Definition
from .caps import MAX_ENTRIES, READ_CPU_S
from .clock import Limited, restore_builtins
from .encode import plain
from .faults import Fault
from .messages import Reply
from .objects import class_names, is_students_own, kind_of
from .scalars import Plain

ITERATORS = frozenset(
    {types.GeneratorType, map, zip, filter, enumerate, reversed, type({}.values()), type(iter([]))}
    | {itertools.accumulate, itertools.chain, itertools.islice, itertools.starmap}
)
"""What gives its items one by one, each once."""

RECEIVER = "self"
"""What the first parameter of a method is called, by convention (PEP 8)."""


class NotThere(Exception):
    """The function cannot be called; args are the fault's kind and message."""


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
        """The value of a name in a class or object; a method with `self` is bound to an instance.

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


def find_functions(
    wanted: list[tuple[list[list[str]], int]], answers: Answers
) -> tuple[dict[int, Any], list[tuple[int, Fault]]]:
    """The functions that are there, by their number, and why the others are not.

    All are looked for before any is called: whatever a call does, what was not handed in is known.

    Args:
        wanted: For each function the paths at which it may be, best first, and how many arguments it gets.
        answers: What was handed in.
    """
    functions: dict[int, Any] = {}
    absent: list[tuple[int, Fault]] = []
    instances = Instances()
    for number, (paths, count) in enumerate(wanted):
        try:
            with Limited(READ_CPU_S):
                functions[number] = resolve(paths, answers, instances, count)
        except NotThere as error:
            absent.append((number, faults.fault(*error.args)))
        except BaseException as error:
            absent.append((number, faults.from_exception(error, answers.code_names, READ_CPU_S)))
    return functions, absent


def make_call(call: dict[str, Any], function: Any, answers: Answers, reply: Reply) -> Fault | None:
    """Call a function as often as asked; a fault ends it."""
    where = ""
    try:
        where = definition(function, answers.code_names)
        for _ in range(call["times"]):
            with Limited(call["cpu_s"]):
                result = called(function, call)
                reply.send("result", call=call["index"], value=result)
    except BaseException as error:
        return faults.from_exception(error, answers.code_names, call["cpu_s"], where)
    return None


def called(function: Any, call: dict[str, Any]) -> dict[str, Any]:
    """One call with fresh arguments, and what it gives as a plain value."""
    args = [argument(value) for value in call["args"]]
    named = {name: argument(value) for name, value in call["kwargs"].items()}
    result = listed(function(*args, **named))
    restore_builtins()
    if call["returns_arguments"]:
        return {"t": "items", "items": [plain(value) for value in (result, *args)]}
    return plain(result)


def listed(result: Any) -> Any:
    """A result that is computed while it is read, as a list: here its time and its faults are the call's.

    Args:
        result: What came back; of a function with yield a generator.
    """
    if type(result) not in ITERATORS:
        return result
    found = list(itertools.islice(result, MAX_ENTRIES + 1))
    return found if len(found) <= MAX_ENTRIES else result


def resolve(paths: Sequence[Sequence[str]], answers: Answers, instances: Instances, arguments: int) -> Any:
    """The function at the first path that leads anywhere.

    Args:
        paths: Where it may stand.
        answers: What the files define.
        instances: Of classes that hold it as a method.
        arguments: How many it is to be called with.

    Raises:
        NotThere: If no path leads to a function.
    """
    other: object = None
    # The first name of the first path is the question.
    names = answers.typed.get(paths[0][0], answers.names)
    for path in paths:
        found, value = follow(path, names, instances, arguments)
        if found and callable(value):
            return instances.callable_of(value, arguments)
        other = value if found else other
    name = paths[0][-1]
    if other is not None:
        raise NotThere("not-callable", f"{name} is {kind_of(other)}, not a function")
    raise NotThere("missing", f"there is no function {name}")


def follow(
    path: Sequence[str], names: dict[str, Definition], instances: Instances, arguments: int
) -> tuple[bool, Any]:
    """A top-level name, then keys of a dict or attributes."""
    if path[0] not in names:
        return False, None
    value: Any = names[path[0]].value
    for name in path[1:]:
        if isinstance(value, dict):
            if name not in value:
                return False, None
            value = value[name]
        elif hasattr(value, name):
            value = instances.attribute(value, name, arguments)
        else:
            return False, None
    return True, value


def definition(function: Any, files: set[str]) -> str:
    """Where the function is defined: the place of a fault in its arguments."""
    code = getattr(function, "__code__", None)
    name, line = getattr(code, "co_filename", None), getattr(code, "co_firstlineno", None)
    return f"{name}, line {line}" if faults.is_students(name, files) else ""


def argument(value: Plain) -> Any:
    """A new Python object for a plain value."""
    return MAKERS[value["t"]](value)


def array(value: Plain) -> Any:
    """A writable array of its own; its bytes are decoded once for all times that a call is made."""
    if "decoded" not in value:
        raw = binascii.a2b_base64(value["data"])
        value["decoded"] = np.frombuffer(raw, dtype=value["dtype"]).reshape(value["shape"])
    return value["decoded"].copy()


def number(value: Plain) -> int | float | complex:
    """An int, float or complex; a rational becomes a float."""
    kind, text = value["kind"], value["text"]
    if kind == "int":
        return int(text)
    if kind == "complex":
        return complex(text)
    if kind == "rational":
        numerator, denominator = text.split("/")
        return int(numerator) / int(denominator)
    return float(text)


MAKERS: dict[str, Any] = {
    "none": lambda value: None,
    "flag": lambda value: value["value"],
    "text": lambda value: value["text"],
    "number": number,
    "array": array,
    "items": lambda value: [argument(item) for item in value["items"]],
    "fields": lambda value: {name: argument(item) for name, item in value["fields"].items()},
    "generator": lambda value: np.random.default_rng(value["seed"]),
}
