"""Public functions have docstrings that name each argument."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PARTS = ("grader", "reference")

# Here every public function lists its arguments; elsewhere those that a package hands to others in `__all__`.
STRICT = ("grader/model", "grader/specs", "grader/submissions", "grader/reports", "grader/cli")

# file::function -> why its arguments need no list
EXCEPTIONS = {
    "grader/sandbox/__init__.py::run": "its arguments are the types of step 4, documented in grader/model",
    "grader/sandbox/host/sandbox.py::run": "documented where it is exported, in grader/sandbox/__init__.py",
}
# One argument beside a line that speaks of it needs no list of its own.
LISTED_FROM = 2


def public_functions() -> list[tuple[str, ast.FunctionDef]]:
    found = []
    for path in sorted(file for part in PARTS for file in (ROOT / part).rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        classes = [n for n in tree.body if isinstance(n, ast.ClassDef) and not n.name.startswith("_")]
        for holder in (tree, *classes):
            for node in holder.body:
                if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                    found.append((f"{path.relative_to(ROOT)}::{node.name}", node))
    return found


def exported(package: Path) -> set[str]:
    """The names in the `__all__` of a package."""
    for node in ast.parse((package / "__init__.py").read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return set(ast.literal_eval(node.value))
    return set()


def must_list(name: str) -> bool:
    path, _, function = name.partition("::")
    package = (ROOT / path).parent
    has_init = (package / "__init__.py").exists()
    return path.startswith(STRICT) or (has_init and function in exported(package))


FUNCTIONS = public_functions()


def arguments(function: ast.FunctionDef) -> list[str]:
    every = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    return [one.arg for one in every if one.arg not in ("self", "cls")]


@pytest.mark.parametrize("function", [f for _, f in FUNCTIONS], ids=[name for name, _ in FUNCTIONS])
def test_public_function_has_a_docstring(function: ast.FunctionDef):
    assert ast.get_docstring(function)


@pytest.mark.parametrize(
    ("name", "function"),
    [pair for pair in FUNCTIONS if must_list(pair[0])],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_docstring_names_each_argument(name: str, function: ast.FunctionDef):
    names = arguments(function)
    if name in EXCEPTIONS or len(names) < LISTED_FROM or is_command(function):
        return
    text = ast.get_docstring(function) or ""
    missing = [name for name in names if not re.search(rf"\b{re.escape(name)}\b", text)]
    assert missing == []


def is_command(function: ast.FunctionDef) -> bool:
    """The docstring of a command is its help; its arguments are told by their options."""
    return any("command" in ast.unparse(decorator) for decorator in function.decorator_list)
