"""Which files are answers, in which order they are read, and what they are called in a submission."""

from __future__ import annotations

import itertools
import json
import os
import re
from collections.abc import Callable, Collection, Iterable
from pathlib import Path

from grader.model.submission import AnswerFile
from grader.model.text import composed
from grader.submissions.safe_read import FILE_LIMIT_BYTES, MIB, Refused, too_large

SUFFIXES = (".py", ".ipynb", ".json", ".npz")

# What platforms and tools put beside an answer; beside these, names that begin with a dot are a tool's.
# nbgrader: timestamp.txt (plugins/exchange). Gradescope: results.json and submission_metadata.json
# (docs/specs.md). PrairieLearn: results.json (docs/externalGrading.md). Classroom 50: result.json,
# release-body.md, .classroom50.yaml (wiki/Advanced-Autograding). Otter: .OTTER_LOG, *.otter,
# __zip_filename__.
PLATFORM_NAMES = ("timestamp.txt", "release-body.md", "__zip_filename__")
PLATFORM_SUFFIX = ".otter"
RESULTS = ("results.json", "result.json")
METADATA = "submission_metadata.json"
METADATA_KEYS = {"users", "assignment"}
# A student may call an answer results.json; it is a platform's if it holds nothing but these.
RESULT_KEYS = {
    *("score", "max_score", "max-score", "execution_time", "output", "output_format", "extra_data"),
    *("tests", "test_output_format", "test_name_format", "visibility", "stdout_visibility", "leaderboard"),
    *("gradable", "format_errors", "images", "message", "schema", "classroom", "assignment", "submission"),
    *("commit", "release", "review", "datetime", "owner", "assignment_type", "graded_at", "status"),
}
KEYS_OF_RESULTS_ONLY = {"tests", "schema"}

# Canvas numbers a file that is uploaded again (app/models/attachment.rb, make_unique_filename), Moodle
# (lib/filestorage, get_unused_filename) and browsers one that is there already, Jupyter, Windows and macOS a
# copy. None of these names can be imported, so a file that is imported is meant by its first name.
NUMBERED = re.compile(
    r"(?P<stem>.+?)(?:-\d{1,4}| ?\(\d{1,4}\)| \d{1,4}|-Copy\d{1,4}| copy| - Copy| \(copy\))+", re.DOTALL
)
# A hostile file is not to be searched for long: so much of a line, and so many lines.
IMPORTS = re.compile(r"(?:import|from)([^\n]{1,200})")
MOST_IMPORTS = 1000
WORD = re.compile(r"(?<![\w.])\w+")


def has_answer_suffix(name: str) -> bool:
    """Whether a file of this name may be an answer."""
    return os.path.splitext(name)[1].lower() in SUFFIXES


def is_beside_an_answer(name: str) -> bool:
    """Whether the name alone says that a platform or tool put the file or folder there.

    Such a file is no answer, and the report does not list it as not read.
    """
    lower = name.lower()
    is_hidden = name.startswith(".") and not has_answer_suffix(name)
    return lower in PLATFORM_NAMES or lower.endswith(PLATFORM_SUFFIX) or is_hidden


def is_a_platforms(name: str, data: bytes) -> bool:
    """Whether a JSON file is the result or metadata of a platform.

    Args:
        name: Its name.
        data: Its bytes.
    """
    lower = name.lower()
    if lower not in (*RESULTS, METADATA):
        return False
    try:
        record = json.loads(data)
    except (ValueError, RecursionError):
        return False
    keys = set(record) if isinstance(record, dict) else set()
    if lower == METADATA:
        return keys >= METADATA_KEYS
    return keys <= RESULT_KEYS and (bool(keys & KEYS_OF_RESULTS_ONLY) or ("score" in keys and len(keys) > 1))


def reading_order(name: str) -> tuple[int, str]:
    """A sort key: a file called answer first, then a numbered copy of one, then the others by name."""
    stems = (Path(name).stem.lower(), Path(first_name(name)).stem.lower())
    return stems.index("answer") if "answer" in stems else len(stems), name


def printable(name: str) -> str:
    """The name in one spelling, with "_" for letters that cannot be printed."""
    name = composed(name)
    return name if name.isprintable() else "".join(one if one.isprintable() else "_" for one in name)


def answer_name(name: str, taken: Collection[str] = ()) -> str:
    """The name that an answer file has in its submission: printable, the suffix in lower case.

    Args:
        name: What the student called it.
        taken: Names of the files before it; `a.PY` beside `a.py` is `a (2).py`.
    """
    stem, suffix = os.path.splitext(printable(name))
    numbers = ("", *(f" ({number})" for number in range(2, len(taken) + 3)))
    return next(one for number in numbers if (one := f"{stem}{number}{suffix.lower()}") not in taken)


def first_name(name: str) -> str:
    """What a file was called before a system numbered it: `helper.py` for `helper-1.py`, `helper (1).py`."""
    stem, suffix = os.path.splitext(name)
    match = NUMBERED.fullmatch(stem)
    return match["stem"] + suffix if match else name


def with_first_names(files: Iterable[AnswerFile]) -> tuple[AnswerFile, ...]:
    """The files of a submission; a numbered copy gets back the name by which another file imports it.

    Of several copies it is the last; a file that has the name already keeps it.
    """
    files = tuple(files)
    names = [file.name for file in files]
    if not any(first_name(name) != name for name in names):
        return files
    imported = [_imported_words(file) for file in files]
    for name in dict.fromkeys(map(first_name, names)):
        copies = [at for at, one in enumerate(names) if first_name(one) == name]
        stem, suffix = os.path.splitext(name)
        others = (words for at, words in enumerate(imported) if at not in copies)
        if name not in names and suffix == ".py" and any(stem in words for words in others):
            names[max(copies, key=lambda at: _number(names[at]))] = name
    return tuple(
        file if file.name == name else AnswerFile(name, file.data)
        for file, name in zip(files, names, strict=True)
    )


def _imported_words(file: AnswerFile) -> set[str]:
    """The words behind "import" and "from" in a file, which need not be Python."""
    text = file.data.decode("utf-8", "replace") if file.name.endswith((".py", ".ipynb")) else ""
    lines = itertools.islice(IMPORTS.finditer(text), MOST_IMPORTS)
    return {word for line in lines for word in WORD.findall(composed(line[1]))}


def _number(name: str) -> tuple[int, str]:
    """The number of a copy, the last that stands in it."""
    numbers = re.findall(r"\d+", os.path.splitext(name)[0])
    return int(numbers[-1]) if numbers else 0, name


NOTEBOOK_LIMIT_BYTES = 32 * MIB
"""Bytes of a notebook with its outputs: some hundred pictures."""

# A string with the colon that makes it a key, or a bracket. What is never closed reaches to the end, at once.
TOKEN = re.compile(rb'"(?:[^"\\]++|\\.?)*+(?:"|\Z)(\s*+:)?|[\[\]{}]', re.S)
MOST_TOKENS = 1_000_000
"""Read in about a second; a picture is one token."""

CELLS, CELL_DEPTH = b'"cells"', 3
DROPPED_FROM_CELL = {b'"outputs"': b"[]", b'"attachments"': b"{}"}
DROPPED_FROM_ALL = {b'"metadata"': b"{}"}
"""Emptied anywhere in a notebook: its own metadata hold the states of widgets."""


def answer_file(name: str, read: Callable[[int], bytes], taken: Collection[str] = ()) -> AnswerFile:
    """One file of an answer: all its bytes, or a large notebook without its outputs.

    Args:
        name: What the student called it.
        read: Gives its bytes, no more than the given number.
        taken: Names of the files before it.

    Raises:
        Refused: If it is empty, or what the student wrote is larger than any other file may be.
    """
    data = read(NOTEBOOK_LIMIT_BYTES if name.lower().endswith(".ipynb") else FILE_LIMIT_BYTES)
    if len(data) > FILE_LIMIT_BYTES:
        data = without_outputs(data)
        if len(data) > FILE_LIMIT_BYTES:
            raise too_large(FILE_LIMIT_BYTES, ", its outputs not counted")
    if not data.strip():
        raise Refused("the file is empty")
    return AnswerFile(answer_name(name, taken), data)


def without_outputs(data: bytes) -> bytes:
    """The notebook's text with empty outputs, attachments and metadata of its own.

    Raises:
        Refused: If it is made of more parts than any notebook; says what to do.
    """
    kept: list[bytes] = []
    start, depth = 0, 0
    section, value = b"", b""
    dropped_from: int | None = None
    for count, token in enumerate(TOKEN.finditer(data)):
        if count == MOST_TOKENS:
            raise too_large(FILE_LIMIT_BYTES, "; clear the outputs of its cells and save it again")
        text = token[0]
        if text in (b"[", b"{"):
            depth += 1
            if value and dropped_from is None:
                kept += data[start : token.start()], value
                dropped_from = depth
        elif text in (b"]", b"}"):
            if dropped_from == depth:
                start, dropped_from = token.end(), None
            depth -= 1
        elif dropped_from is None and token[1]:
            key = text[: -len(token[1])]
            section = key if depth == 1 else section
            droppable = DROPPED_FROM_ALL if depth == 1 else DROPPED_FROM_CELL
            is_place = depth == 1 or (section == CELLS and depth == CELL_DEPTH)
            value = droppable.get(key, b"") if is_place else b""
            continue
        value = b""
    if dropped_from is None:
        kept.append(data[start:])
    return b"".join(kept)


def line_of(code: bytes, name: str) -> int | None:
    """The last line, from 1, in which Python code gives this name something; None where none does.

    Args:
        code: Of the answer.
        name: A question's id, or a function's.
    """
    defines = re.compile(
        rb"^(?:(?:async[ \t]+)?(?:def|class)[ \t]+%b\b|%b[ \t]*[=:])" % ((re.escape(name.encode()),) * 2),
        re.M,
    )
    found = [match.start() for match in defines.finditer(code)]
    return code.count(b"\n", 0, found[-1]) + 1 if found else None
