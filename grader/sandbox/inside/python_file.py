"""Running a .py answer in a module of its own, in which an import that fails costs only what uses it.

Each import at top level is made to stand alone: where it fails it is left out with a note, the file goes on,
and what needs its name fails with a NameError that says why.
"""

import __future__

import ast
import functools
import importlib.util
import operator
import re
import sys
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

from .faults import ABSENT_NAMES, Forbidden, exception_line

HANDLER = "__import_failed__"
"""Called in the student's module where an import has failed, with the name that is not there now."""

LONGEST_BYTES = 500_000
"""A longer file is a table of numbers: as a tree it would take a hundred times its size."""

IMPORT = re.compile(rb"^[ \t]*(import|from)[ \t]+([\w.]+)([^#\r\n]*)", re.M)

ALWAYS_HERE = ("the standard library", "numpy", "sympy")
WHERE_INSTALLED = ("scipy", "torch")

SIGMOID = "The sigmoid is 1 / (1 + np.exp(-u))."
"""What scipy is imported for."""


class NoNotebook:
    """Stands in for IPython's shell: what `jupyter nbconvert --to script` leaves in a file does nothing."""

    def __getattr__(self, name: str) -> Any:
        return lambda *args, **kwargs: None


def run_python(
    source: bytes | str | ast.Module,
    file_name: str,
    module: ModuleType,
    import_failed: Callable[[str], None],
    failed: Callable[[BaseException, str], None],
) -> None:
    """Execute source in the module; what it defines before it fails stays there.

    A statement at top level that needs an import that was left out costs itself only.

    Args:
        source: Bytes, so that an encoding line is honoured; or text or a tree from a notebook.
        file_name: Shown as the place of a fault.
        module: Where its names are defined.
        import_failed: Called while an import's exception is handled, with the name that it would have given.
        failed: Called with what a statement that is passed over raises, and its place.
    """
    # CPython's own messages differ between versions, and say nothing of encodings.
    if has_null(source):
        message = "the file has null bytes, so it is not text in UTF-8: save it as UTF-8"
        raise SyntaxError(message, (file_name, 1, None, None))
    try:
        if isinstance(source, bytes) and may_fail(source):
            source = ast.parse(source, file_name)
        if isinstance(source, ast.Module):
            stand_alone(source)
        code = compile(source, file_name, "exec", dont_inherit=True)
    except SyntaxError as error:
        error.filename = file_name  # missing for wrong encodings
        if error.msg == "'await' outside function":
            error.msg += ": only a notebook's own kernel takes that; write it without await"
        raise
    except (RecursionError, MemoryError):
        # CPython's parser says MemoryError for too many brackets.
        raise SyntaxError("the code is nested too deeply", (file_name, 1, None, None)) from None
    names = vars(module)
    names[HANDLER] = import_failed
    if "get_ipython" in code.co_names:
        names.setdefault("get_ipython", NoNotebook)
    try:
        exec(code, names)
    except NameError as error:
        if error.name not in ABSENT_NAMES or not isinstance(source, ast.Module):
            raise
        at = position(source, line_of(error, names))
        pass_over(error, source.body[at], file_name, names, failed)
        run_one_by_one(source.body[at + 1 :], code.co_flags & FUTURES, file_name, names, failed)


FUTURES = functools.reduce(
    operator.or_, (getattr(__future__, name).compiler_flag for name in __future__.all_feature_names)
)
"""The bits that `from __future__ import ...` sets in compiled code."""


def run_one_by_one(
    statements: list[ast.stmt],
    flags: int,
    file_name: str,
    names: dict[str, Any],
    failed: Callable[[BaseException, str], None],
) -> None:
    """Execute statements; what needs an absent name is passed over, any other exception ends it."""
    for statement in statements:
        code = compile(ast.Module([statement], []), file_name, "exec", flags, dont_inherit=True)
        try:
            exec(code, names)
        except NameError as error:
            if error.name not in ABSENT_NAMES:
                raise
            pass_over(error, statement, file_name, names, failed)


def pass_over(
    error: NameError,
    statement: ast.stmt,
    file_name: str,
    names: dict[str, Any],
    failed: Callable[[BaseException, str], None],
) -> None:
    """Report a statement that needs an absent name; the names that it would have given are absent too."""
    failed(error, "")
    note = f"{file_name}, line {statement.lineno}: left out, as it needs {error.name}"
    for name in names_bound(statement):
        if name not in names:
            ABSENT_NAMES.setdefault(name, note)


def line_of(error: BaseException, names: dict[str, Any]) -> int:
    """The line of the module in which an exception was raised, or in which what raised it was called."""
    step = error.__traceback__
    while step is not None:
        if step.tb_frame.f_locals is names:
            return int(step.tb_lineno)
        step = step.tb_next
    return 0


def position(tree: ast.Module, line: int) -> int:
    """Which statement of a module a line is in: the last one that does not start below it."""
    starts: list[int] = [
        min([one.lineno, *(d.lineno for d in getattr(one, "decorator_list", ()))]) for one in tree.body
    ]
    return max(sum(start <= line for start in starts) - 1, 0)


def has_null(source: bytes | str | ast.Module) -> bool:
    """Whether source has a null byte, as binary files and UTF-16 have."""
    if isinstance(source, ast.Module):
        return False
    return "\0" in source if isinstance(source, str) else b"\0" in source


def may_fail(source: bytes) -> bool:
    """Whether any line could be an import that fails: of more than a module that is imported already."""
    return len(source) <= LONGEST_BYTES and any(
        keyword == b"from" or b"," in rest or module.decode("ascii", "replace") not in sys.modules
        for keyword, module, rest in IMPORT.findall(source)
    )


def stand_alone(tree: ast.Module) -> None:
    """Let each import at top level fail by itself; those in functions, classes and `try` stay as they are."""
    bodies: list[list[ast.stmt]] = [tree.body]
    while bodies:
        body = bodies.pop()
        bodies += [inner for statement in body for inner in inner_bodies(statement)]
        body[:] = [part for statement in body for part in parts_of(statement)]


def inner_bodies(statement: ast.stmt) -> Iterator[list[ast.stmt]]:
    """The blocks of a statement that are run at top level too."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return
    is_try = isinstance(statement, ast.Try | ast.TryStar)
    for name in ("orelse", "finalbody") if is_try else ("body", "orelse"):
        yield getattr(statement, name, [])
    for holder in (*getattr(statement, "handlers", ()), *getattr(statement, "cases", ())):
        yield holder.body


def parts_of(statement: ast.stmt) -> Iterator[ast.stmt]:
    """An import as one for each name, each with a handler; any other statement as it is."""
    is_import = isinstance(statement, ast.Import | ast.ImportFrom)
    if not is_import or getattr(statement, "module", None) == "__future__":
        yield statement
        return
    for alias in statement.names:  # type: ignore[attr-defined]
        name = alias.asname or alias.name.partition(".")[0]
        failed = ast.Call(ast.Name(HANDLER, ast.Load()), [ast.Constant(name)], [])
        one = (
            ast.Import([alias])
            if isinstance(statement, ast.Import)
            else ast.ImportFrom(statement.module, [alias], statement.level)  # type: ignore[attr-defined]
        )
        guarded = ast.Try([one], [ast.ExceptHandler(None, None, [ast.Expr(failed)])], [], [])
        for node in ast.walk(guarded):
            ast.copy_location(node, statement)
        yield guarded


def names_bound(statement: ast.AST) -> Iterator[str]:
    """The names that a statement at top level gives to its module."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield statement.name
    elif isinstance(statement, ast.Name) and isinstance(statement.ctx, ast.Store):
        yield statement.id
    elif not isinstance(statement, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp | ast.Lambda):
        for part in ast.iter_child_nodes(statement):
            yield from names_bound(part)


def reason(error: Exception) -> str:
    """Why an import fails and what to do, for the student."""
    if isinstance(error, PermissionError):
        return (
            "on this machine an answer can import only what is loaded beforehand: numpy, sympy and the like"
        )
    root = (getattr(error, "name", None) or "").partition(".")[0]
    if isinstance(error, Forbidden) or not isinstance(error, ModuleNotFoundError) or is_there(root):
        return exception_line(error)
    allowed = [*ALWAYS_HERE, *(name for name in WHERE_INSTALLED if is_there(name))]
    message = (
        f"there is no {root} here. An answer may import {', '.join(allowed)} and files handed in with it."
    )
    return f"{message} {SIGMOID}" if root == "scipy" else message


def is_there(name: str) -> bool:
    """Whether a package can be imported."""
    try:
        return name in sys.modules or importlib.util.find_spec(name) is not None
    except (ImportError, ValueError, OSError):
        return False


def leave_out(error: Exception, name: str, place: str) -> str:
    """Take note of an import that is left out; returns the note for the student."""
    note = f"{place}: the import of {name} is left out: {reason(error)}"
    ABSENT_NAMES.setdefault(name, note)
    return note
