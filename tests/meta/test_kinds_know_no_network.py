"""A kind of question works from a network's equations: none names a network, apart from its examples."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NETWORKS = re.compile(r"\b(elman|jordan|gru|lstm|peephole|narx|bidirectional)\b", re.IGNORECASE)
FILES = sorted(
    path.relative_to(ROOT).as_posix()
    for path in (ROOT / "grader" / "kinds").rglob("*.py")
    # Examples of a kind are of some network.
    if path.name != "__init__.py"
)

# file -> why it names one
EXCEPTIONS = {
    "grader/kinds/training/diagnose.py": "it trains the two networks of the sheet, with bands made for them",
    "grader/kinds/training/judge.py": "it trains the two networks of the sheet, with bands made for them",
    "grader/kinds/trajectory/diagnose.py": "gradient descent is followed on one fixed network",
}


def named_in(path: Path) -> set[str]:
    """Networks that are named in the code, not in docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    words = [
        node.value if isinstance(node, ast.Constant) else node.id if isinstance(node, ast.Name) else ""
        for node in ast.walk(tree)
        if id(node) not in docstrings
    ]
    return {match[0] for word in words if isinstance(word, str) for match in NETWORKS.finditer(word)}


@pytest.mark.parametrize("file", FILES)
def test_a_kind_names_no_network(file: str):
    assert bool(named_in(ROOT / file)) == (file in EXCEPTIONS)
