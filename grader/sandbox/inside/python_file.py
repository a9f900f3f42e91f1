"""Running a .py answer in a module of its own."""

import ast
from collections.abc import Callable
from types import ModuleType
from typing import Any

from .skipped_imports import HANDLER, may_fail, stand_alone


class NoNotebook:
    """Stands in for IPython's shell: what `jupyter nbconvert --to script` leaves in a file does nothing."""

    def __getattr__(self, name: str) -> Any:
        return lambda *args, **kwargs: None


def run_python(
    source: bytes | str | ast.Module,
    file_name: str,
    module: ModuleType,
    import_failed: Callable[[str], None],
) -> None:
    """Execute source in the module; what it defines before it fails stays there.

    Args:
        source: Bytes, so that an encoding line is honoured; or text or a tree from a notebook.
        file_name: Shown as the place of a fault.
        module: Where its names are defined.
        import_failed: Called while an import's exception is handled, with the name that it would have given.
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
    exec(code, names)


def has_null(source: bytes | str | ast.Module) -> bool:
    """Whether source has a null byte, as binary files and UTF-16 have."""
    if isinstance(source, ast.Module):
        return False
    return "\0" in source if isinstance(source, str) else b"\0" in source
