"""Example answers as files beside their exercise: `examples/<question>-<anything>.py`, `.json` or `.ipynb`.

They are the exercise's tests and stay with those who write it: no package and no student's edition has them.
What must come out stands on top of each, and each can be handed in as it is:

    # title: The input was forgotten
    # verdict: incorrect
    # diagnoses: input-forgotten, old-state-not-summed

In a notebook these lines begin its first cell; in JSON they are the entries of a table "example".
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from grader.errors import SpecError
from grader.model.exercise import ExampleAnswer
from grader.specs.decoding import decode, did_you_mean, spec_error
from grader.specs.question import FilePlace, WrittenExample, read_example

FOLDER = "examples"
SUFFIXES = (".py", ".json", ".ipynb")
JSON_KEY = "example"
LISTS = ("codes", "diagnoses")
KEYS = ("title", "verdict", "fraction", *LISTS)
LINE = re.compile(r"#\s*([A-Za-z]+)\s*:\s*(.*)")


def example_files(folder: Path, question_ids: Iterable[str]) -> dict[str, tuple[ExampleAnswer, ...]]:
    """The example answers in a folder, by the id of their question, in the order of the files' names.

    Args:
        folder: `examples` beside an exercise file; there need be none.
        question_ids: The ids of the exercise's questions.

    Raises:
        SpecError: For the first file that belongs to no question or does not say what must come out.
    """
    known = tuple(question_ids)
    found: dict[str, list[ExampleAnswer]] = {}
    for path in _files(folder):
        question_id = path.stem.partition("-")[0]
        shown = f"{FOLDER}/{path.name}"
        if question_id not in known:
            hint = did_you_mean(question_id, known) or "call it <question>-<what it shows>.py"
            raise spec_error(shown, "", f"no question is called {question_id!r}", hint)
        found.setdefault(question_id, []).append(_example(path, shown))
    return {question_id: tuple(examples) for question_id, examples in found.items()}


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    entries = sorted(folder.iterdir())
    for path in entries:
        if path.suffix not in SUFFIXES and not path.name.startswith((".", "__")):
            raise spec_error(
                f"{FOLDER}/{path.name}", "", "is no answer file; examples are .py, .json or .ipynb"
            )
    return [path for path in entries if path.suffix in SUFFIXES]


def _example(path: Path, shown: str) -> ExampleAnswer:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SpecError(f"cannot be read: {error}", where=shown) from None
    if path.suffix == ".py":
        head, answer = _head(text.splitlines(), shown), text
    elif path.suffix == ".ipynb":
        head, answer = _head(_first_cell(_json(text, shown)), shown), text
    else:
        table = _json(text, shown)
        written = table.pop(JSON_KEY, None)
        head = written if isinstance(written, dict) else {}
        answer = json.dumps(table)
    written_example = decode({**head, "answer": answer}, WrittenExample, shown, lambda key: key.strip("."))
    return read_example(written_example, FilePlace(shown, ""), f"answer{path.suffix}")


def _head(lines: Iterable[str], shown: str) -> dict[str, Any]:
    head: dict[str, Any] = {}
    for number, line in enumerate(lines, start=1):
        found = LINE.fullmatch(line.strip())
        if found is None:
            break
        key, value = found[1], found[2].strip()
        if key not in KEYS:
            near = did_you_mean(key, KEYS)
            raise spec_error(f"{shown}, line {number}", "", f"{key!r} is not known here", near)
        head[key] = [one.strip() for one in value.split(",") if one.strip()] if key in LISTS else value
    return head


def _json(text: str, shown: str) -> dict[str, Any]:
    try:
        table = json.loads(text)
    except ValueError as error:
        raise spec_error(shown, "", f"not valid JSON: {error}") from None
    if not isinstance(table, dict):
        raise spec_error(shown, "", "found no JSON object with a question's answer")
    return table


def _first_cell(notebook: Mapping[str, Any]) -> Iterator[str]:
    cells = notebook.get("cells")
    source = (
        cells[0].get("source", "") if isinstance(cells, list) and cells and isinstance(cells[0], dict) else ""
    )
    return iter(("".join(source) if isinstance(source, list) else str(source)).splitlines())
