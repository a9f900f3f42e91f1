"""Step 2: what was handed in, as bytes. Nothing is parsed here."""

from __future__ import annotations

import msgspec


class AnswerFile(msgspec.Struct, frozen=True):
    """One file of an answer: its name within the submission, and its bytes."""

    name: str
    data: bytes


class Submission(msgspec.Struct, frozen=True, kw_only=True):
    """One student's answer to one exercise.

    Args:
        student: Id of the student; the file's stem or the folder's name unless told otherwise.
        files: The answer files (.py, .ipynb, .json, .npz), in reading order.
        digest: "sha256:..." over names and bytes.
        left_out: Names of files that are no answers, or too large, each with the reason.
    """

    student: str
    files: tuple[AnswerFile, ...]
    digest: str
    left_out: tuple[str, ...] = ()
