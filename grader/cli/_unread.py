"""What is wrong with files in which no name was found. Nothing is run."""

from __future__ import annotations

import codecs
import io
import tokenize
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grader.model.submission import AnswerFile, Submission

WIDE_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def reasons(submission: Submission) -> list[str]:
    """Why files of an answer cannot be read as what they are called, one sentence each.

    Args:
        submission: The answer.
    """
    found = ((file.name, _reason(file)) for file in submission.files)
    return [f"{name}: {reason}" for name, reason in found if reason]


def _reason(file: AnswerFile) -> str | None:
    if file.name.endswith(".npz"):
        return None if file.data.startswith(b"PK") else "the file is not an .npz archive"
    if file.data.startswith(WIDE_MARKS) or b"\0" in file.data:
        return "not text in UTF-8 (UTF-16 perhaps): save it as UTF-8"
    if file.name.endswith(".py"):
        return _code_reason(file.data)
    return _notebook_reason(file.data) if file.name.endswith(".ipynb") else _json_reason(file)


def _code_reason(data: bytes) -> str | None:
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        data.decode(encoding)
    except (SyntaxError, ValueError, LookupError):
        return "not text in UTF-8: save it as UTF-8"
    return None


def _notebook_reason(data: bytes) -> str | None:
    import msgspec

    try:
        notebook = msgspec.json.decode(data.removeprefix(codecs.BOM_UTF8))
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return "the file is not a notebook, or not all of it: it is not JSON"
    is_notebook = isinstance(notebook, dict) and isinstance(notebook.get("cells"), list)
    return None if is_notebook else "the file is not a notebook of format 4: it has no list of cells"


def _json_reason(file: AnswerFile) -> str | None:
    from grader.sandbox.host.json_answers import read_json

    _, fault = read_json(file.name, file.data, ())
    return fault.message if fault else None
