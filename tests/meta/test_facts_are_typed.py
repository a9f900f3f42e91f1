"""One type of mistake, and no fact read back out of a text that was written for people."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]

# What has an id and a message and is no `Mistake`: file::class -> why.
OTHER_THAN_MISTAKES = {
    "grader/model/outcome.py::Diagnosis": "what a report tells of a mistake",
}

# Where a message is looked into: file::what -> whose words they are.
WORDS_OF_OTHERS = {
    "grader/authoring/by_hand.py::message": "an example is called as its mistake's message begins",
    "grader/cli/_main.py::message": "whether it has lines",
    "grader/networks/backward/loss.py::str(error)": "the place that the error's own text begins with",
    "grader/sandbox/inside/npz_file.py::str(error)": "numpy's; it has no type for a file that needs pickle",
    "grader/serve/number_preview.py::error.message": "a caret below its place stands in the second line",
    "grader/specs/decoding.py::str(error)": "tomllib's and msgspec's, which give the place in words only",
    "grader/training/calls.py::fault.message": "Python's, of a call with other arguments",
    "grader/networks/mutants/backward/context.py::message": "how a sentence begins",
}
FOR_PEOPLE = r"(\bmessage|\.hint|\.label|\[.(?:message|hint|label).\]|str\((error|fault|problem)\))"
LOOKING = {"startswith", "endswith", "partition", "rpartition", "split", "removeprefix", "removesuffix"}
MAY_LOOK = rf"{FOR_PEOPLE}(\.({'|'.join(sorted(LOOKING))})\(| ==| !=)|in [\w.]*{FOR_PEOPLE}(?![\w(.])"


def sources(may_have: str) -> Iterator[tuple[str, ast.Module]]:
    """The files in which this may be found: parsing all takes seconds."""
    for path in sorted((ROOT / "grader").rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if re.search(may_have, text):
            yield str(path.relative_to(ROOT)), ast.parse(text)


def fields_of(node: ast.ClassDef) -> set[str]:
    return {
        one.target.id
        for one in node.body
        if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name)
    }


def is_read_from_a_file(node: ast.ClassDef) -> bool:
    """A table that an author writes refuses keys that it does not know."""
    return any(one.arg == "forbid_unknown_fields" for one in node.keywords)


def test_what_has_an_id_and_a_message_is_a_mistake():
    found = {
        f"{path}::{node.name}"
        for path, tree in sources(r"\n    message: ")
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and {"id", "message"} <= fields_of(node)
        if not is_read_from_a_file(node) and path != "grader/model/mistake.py"
    }
    assert found == set(OTHER_THAN_MISTAKES)


def looked_into(node: ast.AST) -> ast.expr | None:
    """The text that an expression takes apart, or looks for something in."""
    match node:
        case ast.Call(func=ast.Attribute(value=text, attr=attr)) if attr in LOOKING:
            return text
        case ast.Compare(left=left, ops=[ast.Eq() | ast.NotEq()], comparators=[ast.Name() | ast.Constant()]):
            return left
        case ast.Compare(ops=[ast.In() | ast.NotIn()], comparators=[text]):
            return text
    return None


def is_for_people(text: ast.expr) -> bool:
    """Whether it is a message by its name, or an error as text."""
    match text:
        case ast.Attribute(attr="message" | "hint" | "label") | ast.Name(id="message"):
            return True
        case ast.Subscript(slice=ast.Constant(value="message" | "hint" | "label")):
            return True
        case ast.Call(func=ast.Name(id="str"), args=[ast.Name(id="error" | "fault" | "problem")]):
            return True
    return False


def test_no_fact_is_read_back_out_of_a_message():
    found = {
        f"{path}::{ast.unparse(text)}"
        for path, tree in sources(MAY_LOOK)
        for node in ast.walk(tree)
        if (text := looked_into(node)) is not None and is_for_people(text)
    }
    assert found == set(WORDS_OF_OTHERS)
