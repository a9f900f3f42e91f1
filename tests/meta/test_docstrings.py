"""Public functions have docstrings that name each argument."""

from __future__ import annotations

import ast
import functools
import re
from pathlib import Path

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


@functools.cache
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


@functools.cache
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


def arguments(function: ast.FunctionDef) -> list[str]:
    every = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    return [one.arg for one in every if one.arg not in ("self", "cls")]


def test_public_functions_have_a_docstring():
    functions = public_functions()
    assert len(functions) > 2000
    assert [name for name, function in functions if not ast.get_docstring(function)] == []


def test_docstrings_name_each_argument():
    wanted = [pair for pair in public_functions() if must_list(pair[0])]
    assert len(wanted) > 200
    missing = {name: found for name, function in wanted if (found := not_named(name, function))}
    assert missing == {}


def not_named(name: str, function: ast.FunctionDef) -> list[str]:
    """The arguments of which the docstring should speak and does not."""
    names = arguments(function)
    if name in EXCEPTIONS or len(names) < LISTED_FROM or is_command(function):
        return []
    text = ast.get_docstring(function) or ""
    return [name for name in names if not re.search(rf"\b{re.escape(name)}\b", text)]


def is_command(function: ast.FunctionDef) -> bool:
    """The docstring of a command is its help; its arguments are told by their options."""
    return any("command" in ast.unparse(decorator) for decorator in function.decorator_list)
