"""Running an .ipynb answer without a kernel: code cells in order, magics left out."""

import ast
import json
import re
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any, NamedTuple

from .python_file import run_python

SKIP_TAGS = {"rnngrade-skip", "otter_ignore"}
KEPT_CELL_MAGICS = {"%%time", "%%timeit", "%%capture"}
"""Their body is ordinary Python; the body of every other `%%` cell is for another program."""

MAGIC_LINE = re.compile(r"^\s*(?:[%!?].*|[\w.]+\?{1,2}\s*)$")
ASSIGNED = re.compile(r"^(\s*[A-Za-z_]\w*\s*=\s*)[%!].*$")
TIMED = re.compile(r"^\s*%time\s+(?=\S)")
MAX_CELLS = 2_000
"""Above any notebook a person wrote; each is compiled by itself."""


class NotANotebook(Exception):
    """The file cannot be read as a notebook; the message is for the student."""


class Cell(NamedTuple):
    """One code cell: its number among all cells, from 1, and its text."""

    number: int
    source: str


def run_notebook(
    data: bytes, file_name: str, module: ModuleType, failed: Callable[[BaseException, str], None]
) -> None:
    """Run every code cell in the module; one that fails is told and the next one is run.

    Args:
        data: The file.
        file_name: For the place of a fault, "lab.ipynb, cell 7".
        module: Where names are defined.
        failed: Told of each cell's exception and place.
    """
    vars(module).setdefault("display", print)
    for cell in code_cells(data):
        place = f"{file_name}, cell {cell.number}"
        try:
            run_python(without_magics(cell.source, place), place, module)
        except Exception as error:
            failed(error, place)


def code_cells(data: bytes) -> Iterator[Cell]:
    """The code cells in order, without those that are tagged to be skipped."""
    try:
        notebook = json.loads(data)
    except (ValueError, RecursionError):
        raise NotANotebook("the file is not a notebook: it is not JSON") from None
    if not isinstance(notebook, dict) or not isinstance(notebook.get("cells"), list):
        raise NotANotebook("the file is not a notebook of format 4: it has no list of cells")
    if notebook.get("nbformat") != 4:
        raise NotANotebook(f"the notebook has format {notebook.get('nbformat')!s:.20}; format 4 is read")
    for number, cell in enumerate(notebook["cells"][:MAX_CELLS], start=1):
        if isinstance(cell, dict) and cell.get("cell_type") == "code" and not SKIP_TAGS & tags(cell):
            yield Cell(number, text_of(cell.get("source")))


def tags(cell: dict[str, Any]) -> set[str]:
    """The tags of a cell; none where its metadata is malformed."""
    metadata = cell.get("metadata")
    found = metadata.get("tags") if isinstance(metadata, dict) else None
    return {tag for tag in found if isinstance(tag, str)} if isinstance(found, list) else set()


def text_of(source: object) -> str:
    """A cell's source is a string or a list of lines."""
    if isinstance(source, list):
        return "".join(line for line in source if isinstance(line, str))
    return source if isinstance(source, str) else ""


def without_magics(source: str, place: str) -> ast.Module | str:
    """The cell as Python, its magic lines replaced by `pass`, what they would give by None.

    Only lines that the parser stumbles over are looked at, so that a line of a long string or of a
    sum that happens to start with `%` stays what it is.
    """
    lines = source.splitlines()
    first = next((line.split()[0] for line in lines if line.strip()), "")
    if first.startswith("%%"):
        if first not in KEPT_CELL_MAGICS:
            return ""
        lines[next(i for i, line in enumerate(lines) if line.strip())] = ""
    for _ in range(len(lines) + 1):
        try:
            return ast.parse("\n".join(lines), place)
        except SyntaxError as error:
            row = (error.lineno or 1) - 1
            if row >= len(lines) or not replace_magic(lines, row):
                break
        except (ValueError, RecursionError, MemoryError):
            break
    return "\n".join(lines)


def replace_magic(lines: list[str], row: int) -> bool:
    """Make a magic line harmless; False where the line is none."""
    line = lines[row]
    indent = line[: len(line) - len(line.lstrip())]
    if TIMED.match(line):
        lines[row] = indent + TIMED.sub("", line)
        return True
    if assigned := ASSIGNED.match(line):
        replacement = assigned[1] + "None"
    elif MAGIC_LINE.match(line):
        replacement = indent + "pass"
    else:
        return False
    end = row
    while lines[end].rstrip().endswith("\\") and end + 1 < len(lines):
        end += 1
    lines[row : end + 1] = [replacement] + [""] * (end - row)
    return True
