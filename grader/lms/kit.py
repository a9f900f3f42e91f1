"""The files that set up an exercise in another system, as `rnngrade harness PLATFORM init` writes them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from grader.errors import CannotDo
from grader.lms.class_layout import declared, platforms_with
from grader.model.exercise import Exercise


@dataclass(frozen=True)
class KitContents:
    """What goes into a kit.

    Args:
        exercise: With the questions that are asked.
        wheel: Name and bytes of the grader's wheel.
        template: An answer file to fill in.
        question: Mark this question only.
        hints: How many hints to show of what is not solved.
        exercise_file: Name and bytes of an exercise file of the course's own, which holds what is right.
        image: Where the image will be that the platform runs, where it runs one.
    """

    exercise: Exercise
    wheel: tuple[str, bytes]
    template: str
    question: str | None = None
    hints: int = 0
    exercise_file: tuple[str, bytes] | None = None
    image: str = ""

    @property
    def name(self) -> str:
        """What to call it: the exercise's id, with the question's where one is asked."""
        return self.exercise.id + (f"-{self.question}" if self.question else "")

    def words(self, platform: str, exercise: str) -> list[str]:
        """The command that marks there, without the program and its place.

        Args:
            platform: Whose result file is written.
            exercise: The exercise as it is called there.
        """
        found = ["harness", platform, "--exercise", exercise]
        found += ["--question", self.question] if self.question else []
        return found + (["--hints", str(self.hints)] if self.hints else [])


@dataclass(frozen=True)
class Kit:
    """What `rnngrade harness COMMAND init` writes: one of `KITS` in `lms/<platform>/kit.py`.

    Args:
        command: The platform's name.
        help: What the command says of what it writes.
        files: The files by their paths with "/", below a folder that is the teacher's.
        next_step: What to do with them; says which of them students must not get.
        runs_image: Whether the platform runs an image, whose place must be given.
        readers: How students can read all of the files, a sentence without its end; empty where they cannot.
    """

    command: str
    help: str
    files: Callable[[KitContents], dict[str, bytes]]
    next_step: str
    runs_image: bool = False
    readers: str = ""

    def made(self, contents: KitContents) -> dict[str, bytes]:
        """The files for an exercise.

        Raises:
            CannotDo: If students could read in them what is right.
        """
        if self.readers and contents.exercise_file is not None:
            raise CannotDo(
                f"{self.readers}, and {contents.exercise_file[0]} holds what is right",
                "take a platform that marks out of their reach, such as gradescope, prairielearn or catsoop",
            )
        return self.files(contents)


def kits() -> dict[str, Kit]:
    """All kits by the name of their command."""
    found = (kit for platform in platforms_with("kit") for kit in declared(platform, "kit", "KITS"))
    return {kit.command: kit for kit in found}


# Source: distribution/reference, the grammar of an image's name: lower case in its path, then a tag.
IMAGE = re.compile(r"[a-z0-9]+([._/-]+[a-z0-9]+)*(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?")


def is_image(name: str) -> bool:
    """Whether an image can have this name."""
    return len(name) < 256 and IMAGE.fullmatch(name) is not None
