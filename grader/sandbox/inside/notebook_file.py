"""Running an .ipynb answer without a kernel: code cells in order, magics left out."""

import json
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any, NamedTuple

from .clock import TooLong
from .magics import Captured, as_python
from .python_file import run_python

SKIP_TAGS = {"rnngrade-skip", "otter_ignore"}
MAX_CELLS = 2_000
"""Above any notebook a person wrote; each is compiled by itself."""


class NotANotebook(Exception):
    """The file cannot be read as a notebook; the message is for the student."""


class Cell(NamedTuple):
    """One code cell: its number among all cells, from 1, its text, and why it is not run."""

    number: int
    source: str
    left_out: str = ""


def run_notebook(
    data: bytes,
    file_name: str,
    module: ModuleType,
    failed: Callable[[BaseException, str], None],
    note: Callable[[str], None],
    import_failed: Callable[[str], None],
) -> None:
    """Run every code cell in the module; one that fails is told and the next one is run.

    Args:
        data: The file.
        file_name: For the place of a fault, "lab.ipynb, cell 7".
        module: Where names are defined.
        failed: Told of each cell's exception and place.
        note: Told of each cell that is left out.
        import_failed: As for `run_python`.
    """
    vars(module).setdefault("display", print)
    for cell in code_cells(data):
        place = f"{file_name}, cell {cell.number}"
        try:
            reason = cell.left_out or run_cell(cell, place, module, import_failed, failed)
        except TooLong:
            raise
        except BaseException as error:  # SystemExit too ends its cell only
            failed(error, place)
        else:
            if reason:
                note(f"{place}: {reason}")


def run_cell(
    cell: Cell,
    place: str,
    module: ModuleType,
    import_failed: Callable[[str], None],
    failed: Callable[[BaseException, str], None],
) -> str:
    """Run a cell, or say why it is left out."""
    plain = as_python(cell.source, place)
    if plain.left_out:
        return f"{plain.left_out} is not run here: nothing of this cell counts"
    if plain.captured:
        vars(module)[plain.captured] = Captured()
    run_python(plain.code, place, module, import_failed, failed)
    return ""


def code_cells(data: bytes) -> Iterator[Cell]:
    """The code cells in order."""
    try:
        notebook = json.loads(data)
    except (ValueError, RecursionError):
        raise NotANotebook("the file is not a notebook: it is not JSON") from None
    if not isinstance(notebook, dict) or not isinstance(notebook.get("cells"), list):
        raise NotANotebook("the file is not a notebook of format 4: it has no list of cells")
    if notebook.get("nbformat") != 4:
        raise NotANotebook(f"the notebook has format {notebook.get('nbformat')!s:.20}; format 4 is read")
    for number, cell in enumerate(notebook["cells"], start=1):
        if not isinstance(cell, dict) or cell.get("cell_type") != "code":
            continue
        skipped = sorted(SKIP_TAGS & tags(cell))
        reason = f"left out, as its tag {skipped[0]} asks" if skipped else ""
        if number > MAX_CELLS:
            yield Cell(number, "", f"only the first {MAX_CELLS} cells are run")
            return
        yield Cell(number, text_of(cell.get("source")), reason)


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
