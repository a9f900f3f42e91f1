"""Running a .py answer in a module of its own."""

import __future__

import ast
import functools
import operator
from collections.abc import Callable
from types import ModuleType
from typing import Any

from .faults import ABSENT_NAMES
from .skipped_imports import HANDLER, may_fail, names_bound, stand_alone


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
        failed: Told of what a statement that is passed over raises, and of its place.
    """
    # CPython's own words for it differ between versions, and say nothing of encodings.
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
            error.msg += ": only a notebook's own kernel takes that; put it into a function, for asyncio.run"
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
    """Tell of a statement that needs an absent name; the names that it would have given are absent too."""
    failed(error, "")
    told = f"{file_name}, line {statement.lineno}: left out, as it needs {error.name}"
    for name in names_bound(statement):
        if name not in names:
            ABSENT_NAMES.setdefault(name, told)


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
