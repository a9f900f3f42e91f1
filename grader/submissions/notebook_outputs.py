"""A notebook without what its cells put out: pictures and widgets may take ten times what a student wrote.

The text is cut, not parsed: a parser's memory would be many times that of a hostile file.
"""

from __future__ import annotations

import re

from grader.submissions.safe_read import FILE_LIMIT_BYTES, MIB, too_large

NOTEBOOK_LIMIT_BYTES = 32 * MIB
"""With outputs: some hundred pictures."""

# A string with the colon that makes it a key, or a bracket. What is never closed reaches to the end, at once.
TOKEN = re.compile(rb'"(?:[^"\\]++|\\.?)*+(?:"|\Z)(\s*+:)?|[\[\]{}]', re.S)
MOST_TOKENS = 1_000_000
"""Read in about a second; a picture is one token."""

CELLS, CELL_DEPTH = b'"cells"', 3
DROPPED_FROM_CELL = {b'"outputs"': b"[]", b'"attachments"': b"{}"}
DROPPED_FROM_ALL = {b'"metadata"': b"{}"}
"""Widgets' states stand in the notebook's own metadata."""


def size_limit(name: str) -> int:
    """The largest answer file of this name that is read, in bytes."""
    return NOTEBOOK_LIMIT_BYTES if name.lower().endswith(".ipynb") else FILE_LIMIT_BYTES


def slim(name: str, data: bytes) -> bytes:
    """The bytes that are kept of an answer file: all of them, or a large notebook without its outputs.

    Args:
        name: The file's.
        data: Its bytes, no more than its `size_limit`.

    Raises:
        Refused: If what the student wrote is larger than any other file may be.
    """
    if len(data) <= FILE_LIMIT_BYTES:
        return data
    cut = without_outputs(data)
    if len(cut) > FILE_LIMIT_BYTES:
        raise too_large(FILE_LIMIT_BYTES, ", its outputs not counted")
    return cut


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
