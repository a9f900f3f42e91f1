"""Calling the student's functions."""

from collections.abc import Sequence
from typing import Any

from . import faults
from .answers import Answers
from .arguments import argument
from .caps import READ_CPU_S
from .clock import BUILTINS, BUILTINS_AT_START, Limited
from .encode import plain
from .faults import Fault
from .frames import Reply
from .kinds import kind_of
from .methods import Instances


class NotThere(Exception):
    """The function cannot be called; args are the fault's word and message."""


def find_functions(
    wanted: list[tuple[list[list[str]], int]], answers: Answers
) -> tuple[dict[int, Any], list[tuple[int, Fault]]]:
    """The functions that are there, by their number, and what to say of the others.

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
    result = function(*args, **named)
    BUILTINS.update(BUILTINS_AT_START)
    if call["returns_arguments"]:
        return {"t": "items", "items": [plain(value) for value in (result, *args)]}
    return plain(result)


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
    for path in paths:
        found, value = follow(path, answers, instances, arguments)
        if found and callable(value):
            return instances.callable_of(value, arguments)
        other = value if found else other
    name = paths[0][-1]
    if other is not None:
        raise NotThere("not-callable", f"{name} is {kind_of(other)}, not a function")
    raise NotThere("missing", f"there is no function {name}")


def follow(path: Sequence[str], answers: Answers, instances: Instances, arguments: int) -> tuple[bool, Any]:
    """A top-level name, then keys of a dict or attributes."""
    if path[0] not in answers.names:
        return False, None
    value: Any = answers.names[path[0]].value
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
