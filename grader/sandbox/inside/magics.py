"""IPython's own syntax in a notebook's cells: what of it is run here, and what is left out.

The rules are those of IPython 9, IPython/core/inputtransformer2.py and IPython/core/magics: a cell is
dedented by its first line's indent; `%%` counts in its first line that is not empty; `%`, `!` and `?`
count at the start of a line and behind the `=` of an assignment.
"""

import ast
import re
from collections.abc import Iterator
from typing import NamedTuple

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
    """What `%%capture out` calls `out`: nothing is captured, as nothing is shown."""

    stdout = stderr = ""
    outputs: tuple[object, ...] = ()

    def __call__(self) -> None:
        """As `show`."""

    def show(self) -> None:
        """Show nothing."""


class Plain(NamedTuple):
    """A cell as Python.

    Args:
        code: Its tree where it parses, else its text; each line keeps its number.
        left_out: The magic that the whole cell is left out for; "" where it is run.
        captured: A name that the cell's output is given to.
    """

    code: ast.Module | str
    left_out: str = ""
    captured: str = ""


def as_python(source: str, place: str) -> Plain:
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
            return Plain("", left_out=f"%%{name}")
        words = [word for word in rest.split() if not word.startswith("-")]
        if name == "capture" and words and words[0].isidentifier():
            captured = words[0]
        lines[first] = statement_behind(rest) if name in FIRST_LINE_IS_CODE else ""
    for _ in range(len(lines) + 1):
        try:
            return Plain(ast.parse("\n".join(lines), place), captured=captured)
        except SyntaxError as error:
            row = (error.lineno or 1) - 1
            if row >= len(lines) or not replace_magic(lines, row):
                break
        except (ValueError, RecursionError, MemoryError):
            break
    return Plain("\n".join(lines), captured=captured)


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
