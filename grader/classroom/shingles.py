"""Programs as hashes of short runs of tokens, without names, spaces and comments: copies share many."""

from __future__ import annotations

import builtins
import json
import keyword
import re
import zlib
from collections.abc import Iterator

from grader.model.submission import AnswerFile

LONGEST_BYTES = 200_000
"""The bytes of one file that are looked at, the first ones."""

SHINGLE = 12
"""Tokens that are compared at a time: shorter runs are the same in any two programs."""

WINDOW = 8
"""Neighbouring shingles of which one is kept (Schleimer, Wilkerson, Aiken 2003, Winnowing)."""

# Possessive, and a text that is never closed reaches to the end: a hostile file costs one pass, not many.
TOKEN = re.compile(
    r"(?P<text>[rbfuRBFU]{0,2}(?:"
    r"'''(?:[^'\\]|\\.|'(?!''))*+(?:'''|\\?\Z)"
    r'|"""(?:[^"\\]|\\.|"(?!""))*+(?:"""|\\?\Z)'
    r"|'(?:[^'\\\n]|\\.)*+(?:'|(?=\n)|\\?\Z)"
    r'|"(?:[^"\\\n]|\\.)*+(?:"|(?=\n)|\\?\Z)'
    r"))|(?P<comment>\#[^\n]*)|(?P<name>[^\W\d]\w*)|(?P<number>\d[\w.]*)|(?P<space>\s+)|(?P<sign>.)",
    re.DOTALL,
)

KEPT_NAMES = frozenset({*keyword.kwlist, *dir(builtins)})


def shingles(files: tuple[AnswerFile, ...]) -> frozenset[int]:
    """Hashes of short runs of tokens (shingles); two programs that share many are alike."""
    found: set[int] = set()
    for file in files:
        for source in _sources(file):
            found |= _winnowed(list(tokens(source)))
    return frozenset(found)


def tokens(source: str) -> Iterator[str]:
    """The tokens of a program; own names and texts are all the same, names after a dot are kept.

    Args:
        source: Python, or anything.
    """
    before = ""
    for match in TOKEN.finditer(source[:LONGEST_BYTES]):
        kind, text = match.lastgroup, match[0]
        if kind in ("comment", "space"):
            continue
        if kind == "text":
            text = "'"
        elif kind == "name" and text not in KEPT_NAMES and before != ".":
            text = "x"
        yield text
        before = text


def _sources(file: AnswerFile) -> Iterator[str]:
    text = file.data[:LONGEST_BYTES].decode("utf-8", "replace")
    if file.name.endswith(".py"):
        yield text
    elif file.name.endswith(".ipynb"):
        yield from _cells(text)


def _cells(text: str) -> Iterator[str]:
    try:
        for cell in json.loads(text)["cells"]:
            if cell["cell_type"] == "code":
                yield "".join(map(str, cell["source"]))
    except (ValueError, TypeError, KeyError, RecursionError):
        return


def _winnowed(sequence: list[str]) -> set[int]:
    hashes = [
        zlib.crc32("\0".join(sequence[at : at + SHINGLE]).encode("utf-8", "replace"))
        for at in range(len(sequence) - SHINGLE + 1)
    ]
    return {min(hashes[at : at + WINDOW]) for at in range(max(len(hashes) - WINDOW + 1, 0))}
