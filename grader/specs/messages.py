"""Errors for the author of an exercise file: file, key, what was found, what was wanted."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from grader.errors import SpecError

SHOWN_CHARACTERS = 60


def spec_error(file: str, key: str, message: str, hint: str | None = None) -> SpecError:
    """A mistake at a key of an exercise file, ready to be raised.

    Args:
        file: The file, as the author knows it.
        key: Path of the key, e.g. "question 'b_i'.check.kind"; empty for the whole file.
        message: What was found and what was wanted.
        hint: One next step.
    """
    return SpecError(message, hint, f"{file}: {key}" if key else file)


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """The hint that names the nearest match, or None where nothing is near.

    Args:
        word: What was written.
        known: What could have been meant.
    """
    near = difflib.get_close_matches(word, list(known), n=1, cutoff=0.5)
    return f"did you mean {near[0]!r}?" if near else None


def shown(value: object) -> str:
    """A value of the file on one short line.

    Args:
        value: Anything that TOML can hold.
    """
    words = {True: "true", False: "false"}.get(value) if isinstance(value, bool) else None
    text = words or repr(value)
    return text if len(text) <= SHOWN_CHARACTERS else text[: SHOWN_CHARACTERS - 3] + "..."
