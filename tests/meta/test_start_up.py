"""Heavy libraries are loaded where they are used, so that the command line answers at once."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEAVY = {"numpy", "sympy", "rich", "jinja2"}
LIGHT_PARTS = ["grader/errors.py", *(f"grader/{part}" for part in ("model", "specs", "submissions", "cli"))]


MODULES_LOADED = """
import os, sys, grader.cli
grader.cli.main(["submit", {!r}, "--question", "a_ii", "-o", os.devnull, "--format", "terminal"])
print(*sys.modules)
"""


def files(part: str) -> list[Path]:
    path = ROOT / part
    return [path] if path.is_file() else sorted(path.rglob("*.py"))


def imported_at_module_level(path: Path) -> set[str]:
    names: set[str] = set()
    waiting: list[ast.AST] = [ast.parse(path.read_text(encoding="utf-8"))]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            continue
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
        waiting += ast.iter_child_nodes(node)
    return names


@pytest.mark.parametrize("path", [file for part in LIGHT_PARTS for file in files(part)], ids=str)
def test_light_part_imports_nothing_heavy_at_module_level(path: Path):
    forbidden = HEAVY | ({"msgspec"} if "cli" in path.parts else set())
    assert not {name.partition(".")[0] for name in imported_at_module_level(path)} & forbidden


def loaded_by(code: str) -> set[str]:
    ending = "; import sys; print(*sys.modules, sep='\\n', file=sys.__stderr__)"
    done = subprocess.run(
        [sys.executable, "-c", code + ending], capture_output=True, text=True, cwd=ROOT, check=True
    )
    return {line.partition(".")[0] for line in done.stderr.splitlines()}


@pytest.mark.parametrize(
    "arguments", [["--help"], ["submit", "--help"], ["show", "--help"], ["start", "--help"], ["sumbit"]]
)
def test_help_loads_nothing_heavy(arguments: list[str]):
    loaded = loaded_by(f"import grader.cli; grader.cli.main({arguments!r})")
    assert "click" in loaded
    assert not loaded & (HEAVY | {"msgspec", "tomllib"})
    if "--help" not in arguments:
        return
    # Each costs a tenth of what click itself does, or more.
    assert not loaded & {"difflib", "fractions", "getpass", "json", "pathlib", "traceback", "urllib"}


def test_list_loads_no_numbers_and_no_tables():
    assert not loaded_by("import grader.cli; grader.cli.main(['list'])") & HEAVY


@pytest.mark.skipif(sys.platform != "linux", reason="threads are counted in /proc")
def test_marking_starts_no_threads_of_blas():
    answer = ROOT / "submissions_example" / "mit-6390-recitation-8" / "amara.py"
    code = (
        f"import os, sys, rnngrade; sys.argv = ['rnngrade', 'submit', {str(answer)!r}, '-o', os.devnull]; "
        "rnngrade.main(); import numpy; print(len(os.listdir('/proc/self/task')))"
    )
    environment = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True, env=environment
    )
    assert done.stdout == "1\n"


def test_an_answer_of_data_is_marked_without_anything_heavy():
    answer = ROOT / "submissions_example" / "mit-6390-recitation-8" / "dmitri.json"
    loaded = loaded_by(
        f"import os, grader.cli; grader.cli.main(['submit', {str(answer)!r}, '-o', os.devnull])"
    )
    assert "msgspec" in loaded
    assert not loaded & HEAVY


def test_a_right_answer_loads_nothing_that_explains_mistakes_and_no_hints(tmp_path: Path):
    answer = tmp_path / "answer.json"
    answer.write_text('{"EXERCISE": "mit-6390-recitation-8", "a_ii": {"g1": [6, 6, 6, 6]}}')
    done = subprocess.run(
        [sys.executable, "-c", MODULES_LOADED.format(str(answer))], capture_output=True, text=True, cwd=ROOT
    )
    assert "grader.kinds.numeric.judge" in done.stdout.split()
    assert not {"grader.kinds.numeric.diagnose", "grader.mathematics.prose"} & set(done.stdout.split())
