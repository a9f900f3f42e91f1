"""Running a .py answer in a module of its own."""

import ast
from types import ModuleType
from typing import Any


class NoNotebook:
    """Stands in for IPython's shell: what `jupyter nbconvert --to script` leaves in a file does nothing."""

    def __getattr__(self, name: str) -> Any:
        return lambda *args, **kwargs: None


def run_python(source: bytes | str | ast.Module, file_name: str, module: ModuleType) -> None:
    """Execute source in the module; what it defines before it fails stays there.

    Args:
        source: Bytes, so that an encoding line is honoured; or text or a tree from a notebook.
        file_name: Shown as the place of a fault.
        module: Where its names are defined.
    """
    try:
        code = compile(source, file_name, "exec", dont_inherit=True)
    except SyntaxError as error:
        error.filename = file_name  # missing for wrong encodings
        raise
    except ValueError:
        raise SyntaxError("the file has null bytes: it is not text", (file_name, 1, None, None)) from None
    except (RecursionError, MemoryError):
        # CPython's parser says MemoryError for too many brackets.
        raise SyntaxError("the code is nested too deeply", (file_name, 1, None, None)) from None
    names = vars(module)
    if "get_ipython" in code.co_names:
        names.setdefault("get_ipython", NoNotebook)
    exec(code, names)
