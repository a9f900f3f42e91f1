"""What one hand-in gave so far: answer files, and what was left out."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field

from grader.model.submission import AnswerFile
from grader.submissions.collect import MAX_FILES, SUFFIXES, answer_name, free_name
from grader.submissions.names import shown
from grader.submissions.safe_read import Refused
from grader.submissions.sidecars import is_a_platforms

# A zip file may hold a thousand names; a report needs to name a few.
MOST_LEFT_OUT = 50
# Each may have 16 MB to unpack, in the process that reads the class.
MOST_ZIPS = 20


@dataclass
class Gathered:
    """What one hand-in gave so far.

    Args:
        files: The answers.
        left_out: Everything else, each with the reason.
        is_inside_zip: Whether what comes now was packed by the student.
        zips: How many zip files were opened.
    """

    files: list[AnswerFile] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    is_inside_zip: bool = False
    zips: int = 0

    def leave(self, name: str, reason: str) -> None:
        """Name something that is not an answer.

        Args:
            name: What it is called.
            reason: Why it is none.
        """
        if len(self.left_out) < MOST_LEFT_OUT:
            self.left_out.append(f"{shown(name)}: {reason}")
        elif len(self.left_out) == MOST_LEFT_OUT:
            self.left_out.append("and more files that are not answers")

    def has_answer_suffix(self, name: str) -> bool:
        """Whether a file of this name is a kind of answer."""
        return os.path.splitext(name)[1].lower() in SUFFIXES

    def take(self, name: str, read: Callable[[], bytes]) -> None:
        """Add an answer file under a name that no other has.

        Args:
            name: What the student called it.
            read: Gives its bytes; not called once there are enough files.

        Raises:
            Refused: If there are enough, or it is empty or not readable.
        """
        if len(self.files) >= MAX_FILES:
            raise Refused(f"only the first {MAX_FILES} answer files are read")
        data = read()
        if not data.strip():
            raise Refused("the file is empty")
        if is_a_platforms(name, data):
            return
        name = free_name(answer_name(name), [file.name for file in self.files])
        self.files.append(AnswerFile(name, data))
