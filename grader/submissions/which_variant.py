"""Which variant of its exercise an answer says that it is for, found from its bytes alone."""

from __future__ import annotations

import codecs
import json
import re

from grader.model.submission import AnswerFile, Submission

# A line of Python that is not indented, or the string of such a line in a notebook: variant = "K7QP-..."
STATED_IN_CODE = re.compile(
    rb"""(?:^|")variant[ \t]*(?::[ \t]*\w+[ \t]*)?=[ \t]*\\?["']([^"'\\\r\n]{1,200})\\?["']""", re.M
)
KEY = "variant"
MOST_CHARACTERS = 200


def stated_variants(submission: Submission) -> tuple[str, ...]:
    """What the files of an answer state as their variant, each text once; nothing is run.

    Args:
        submission: The answer.
    """
    stated = (_stated(file) for file in submission.files)
    return tuple(dict.fromkeys(text for text in stated if text))


def _stated(file: AnswerFile) -> str | None:
    if file.name.endswith(".json"):
        return _in_json(file.data)
    if file.name.endswith(".npz"):
        return None
    data = file.data.removeprefix(codecs.BOM_UTF8)
    text = data.replace(rb"\n", b"\n") if file.name.endswith(".ipynb") else data
    found = STATED_IN_CODE.search(text)
    return found[1].decode("utf-8", "replace").strip() if found else None


def _in_json(data: bytes) -> str | None:
    if b'"variant"' not in data:
        return None
    try:
        content = json.loads(data.removeprefix(codecs.BOM_UTF8))
    except (ValueError, RecursionError):
        return None
    value = content.get(KEY) if isinstance(content, dict) else None
    return value[:MOST_CHARACTERS].strip() if isinstance(value, str) else None
