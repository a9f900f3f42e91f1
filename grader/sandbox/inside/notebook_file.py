"""Running an .ipynb answer without a kernel: code cells in order, IPython's own syntax replaced or left out.

The rules are those of IPython 9, IPython/core/inputtransformer2.py and IPython/core/magics: a cell is
dedented by its first line's indent; `%%` counts in its first line that is not empty; `%`, `!` and `?`
count at the start of a line and behind the `=` of an assignment.
"""

import ast
import json
import re
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any, NamedTuple

from .clock import TooLong
from .python_file import run_python

SKIP_TAGS = {"rnngrade-skip", "otter_ignore"}
MAX_CELLS = 2_000
"""Above any notebook a person wrote; each is compiled by itself."""


class NotANotebook(Exception):
    """The file cannot be read as a notebook; the message is for the student."""


class CodeCell(NamedTuple):
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
    """Run every code cell in the module; one that fails is a fault, and the next one is run.

    Args:
        data: The file.
        file_name: For the place of a fault, "lab.ipynb, cell 7".
        module: Where names are defined.
        failed: Called with each cell's exception and place.
        note: Called for each cell that is left out.
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
    cell: CodeCell,
    place: str,
    module: ModuleType,
    import_failed: Callable[[str], None],
    failed: Callable[[BaseException, str], None],
) -> str:
    """Run a cell, or say why it is left out."""
    python = as_python(cell.source, place)
    if python.left_out:
        return f"{python.left_out} is not run here: nothing of this cell counts"
    if python.captured:
        vars(module)[python.captured] = Captured()
    run_python(python.code, place, module, import_failed, failed)
    return ""


def code_cells(data: bytes) -> Iterator[CodeCell]:
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
            yield CodeCell(number, "", f"only the first {MAX_CELLS} cells are run")
            return
        yield CodeCell(number, text_of(cell.get("source")), reason)


def tags(cell: dict[str, Any]) -> set[str]:
    """The tags of a cell; none where its metadata is malformed."""
    metadata = cell.get("metadata")
    found = metadata.get("tags") if isinstance(metadata, dict) else None
    return {tag for tag in found if isinstance(tag, str)} if isinstance(found, list) else set()


def text_of(source: object) -> str:
    """The source of a cell as one text; a notebook has it as a string or as a list of lines."""
    if isinstance(source, list):
        return "".join(line for line in source if isinstance(line, str))
    return source if isinstance(source, str) else ""


LINE_END = re.compile(r"\r\n|\r|\n")
"""What ends a line for Python; `str.splitlines` knows eight more, which may stand in a comment."""

RUN_HERE = {
    "time", "timeit", "capture", "prun", "memit", "debug",  # IPython's own, and memory_profiler's
    "snakeviz", "pyinstrument",  # profilers that show pictures
}  # fmt: skip
"""Cell magics that run the cell in the notebook itself."""

FIRST_LINE_IS_CODE = {"timeit", "prun", "memit", "debug"}
"""Behind these and their options may stand a statement, which is run before the cell."""

OPTION = re.compile(r"\s*(--?[A-Za-z][\w-]*=?)(\s*\d+(?=\s|$))?")
CELL_MAGIC = re.compile(r"\s*%%([A-Za-z_][\w.]*+)(?!\?)(.*)")
MAGIC_LINE = re.compile(r"\s*(?:[%!?].*|[\w.%*\[\]]+\?{1,2}\s*)")
TIMED = re.compile(r"\s*%time\s+(?:--no-raise-error\s+)?(?=\S)")
PYLAB = re.compile(r"\s*%pylab\b")
MAGIC_VALUE = re.compile(r"(?<![=!<>+*/%&|^@:~-])=[ \t]*(?=%[A-Za-z_]|!)")
PROMPT = re.compile(r"(?:>>>|\.\.\.)(?: |$)")


class Captured:
    """What `%%capture out` calls `out`: nothing is captured, as nothing is displayed."""

    stdout = stderr = ""
    outputs: tuple[object, ...] = ()

    def __call__(self) -> None:
        """Show nothing, as `show`."""

    def show(self) -> None:
        """Show nothing."""


class PythonCell(NamedTuple):
    """A cell as Python.

    Args:
        code: Its tree where it parses, else its text; each line keeps its number.
        left_out: The magic that the whole cell is left out for; "" where it is run.
        captured: A name that the cell's output is given to.
    """

    code: ast.Module | str
    left_out: str = ""
    captured: str = ""


def as_python(source: str, place: str) -> PythonCell:
    """The cell with its magic lines replaced by `pass`, what they would give by None.

    Only lines that the parser stumbles over are looked at, so that a line of a long string or of a
    sum that happens to start with `%` stays what it is.

    Args:
        source: The cell.
        place: For the place of a fault.
    """
    lines = without_prompts(dedented(LINE_END.split(source)))
    captured = ""
    while (first := first_line(lines)) is not None and (magic := CELL_MAGIC.fullmatch(lines[first])):
        name, rest = magic[1], magic[2]
        if name not in RUN_HERE:
            return PythonCell("", left_out=f"%%{name}")
        words = [word for word in rest.split() if not word.startswith("-")]
        if name == "capture" and words and words[0].isidentifier():
            captured = words[0]
        lines[first] = statement_behind(rest) if name in FIRST_LINE_IS_CODE else ""
    for _ in range(len(lines) + 1):
        try:
            return PythonCell(ast.parse("\n".join(lines), place), captured=captured)
        except SyntaxError as error:
            row = (error.lineno or 1) - 1
            if row >= len(lines) or not replace_magic(lines, row):
                break
        except (ValueError, RecursionError, MemoryError):
            break
    return PythonCell("\n".join(lines), captured=captured)


def first_line(lines: list[str]) -> int | None:
    """Number of the first line that is not empty."""
    return next((row for row, line in enumerate(lines) if line.strip()), None)


def dedented(lines: list[str]) -> list[str]:
    """The lines without the indent of the first one that is not empty."""
    first = lines[first_line(lines) or 0]
    indent = first[: len(first) - len(first.lstrip(" \t"))]
    return [line.removeprefix(indent) for line in lines]


def without_prompts(lines: list[str]) -> list[str]:
    """The lines without `>>>` and `...`, where the first has one: pasted from a terminal."""
    first = first_line(lines)
    if first is None or not lines[first].startswith(">>>"):
        return lines
    return [PROMPT.sub("", line, count=1) for line in lines]


def statement_behind(rest: str) -> str:
    """What is left of a magic's line behind its options."""
    at = 0
    while option := OPTION.match(rest, at):
        at = option.end()
    return rest[at:].strip()


def replace_magic(lines: list[str], row: int) -> bool:
    """Make a magic line harmless; False where the line is none."""
    line = lines[row]
    indent = line[: len(line) - len(line.lstrip())]
    if TIMED.match(line):
        lines[row] = indent + TIMED.sub("", line, count=1)
        return True
    if assigned := assigned_magic(line):
        targets, value = assigned
        if TIMED.match(value):
            lines[row] = f"{indent}{targets} = {TIMED.sub('', value, count=1)}"
            return True
        replacement = f"{indent}{' = '.join(names_in(targets))} = None"
    elif PYLAB.match(line):
        replacement = indent + "from pylab import *"
    elif MAGIC_LINE.fullmatch(line):
        replacement = indent + "pass"
    else:
        return False
    end = row
    while lines[end].rstrip().endswith("\\") and end + 1 < len(lines):
        end += 1
    lines[row : end + 1] = [replacement] + [""] * (end - row)
    return True


def assigned_magic(line: str) -> tuple[str, str] | None:
    """What a line assigns to and the magic behind it; None where it is no such line."""
    for sign in MAGIC_VALUE.finditer(line):
        targets = line[: sign.start()].strip()
        if is_target(targets):
            return targets, line[sign.end() :]
    return None


def is_target(text: str) -> bool:
    """Whether something can be assigned to it."""
    try:
        body = ast.parse(f"{text} = 0").body
    except (SyntaxError, ValueError):
        return False
    return len(body) == 1 and isinstance(body[0], ast.Assign | ast.AnnAssign)


def names_in(targets: str) -> Iterator[str]:
    """Each single target: nothing is known of how many values a magic would give."""
    (statement,) = ast.parse(f"{targets} = 0").body
    if not isinstance(statement, ast.Assign):
        yield targets
        return
    left: list[ast.expr] = list(statement.targets)
    while left:
        target = left.pop(0)
        if isinstance(target, ast.Tuple | ast.List):
            left = target.elts + left
        else:
            yield ast.unparse(target.value if isinstance(target, ast.Starred) else target)
