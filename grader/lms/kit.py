"""Kits: the files that set up an exercise in another system, with texts in the form of that system's pages.

`rnngrade harness PLATFORM init` writes kits.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from grader.errors import CannotDo
from grader.lms.class_layout import declared, platforms_with
from grader.mathematics.prose import FormulaInText, Picture, paragraphs_of, pieces
from grader.model.exercise import Exercise, Question
from grader.model.share import points_text


@dataclass(frozen=True)
class KitContents:
    """The contents of a kit.

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
        """The kit's name: the exercise's id, with the question's where only one is asked."""
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
    """A kit that `rnngrade harness COMMAND init` writes: one of `KITS` in `lms/<platform>/kit.py`.

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

    def files_for(self, contents: KitContents) -> dict[str, bytes]:
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


class PromptHtml(NamedTuple):
    """Turns prompts into HTML for a system's pages.

    Args:
        formula: From TeX and whether it has a line of its own, to what that system reads.
        escape: A text that is to be seen as it stands.
    """

    formula: Callable[[str, bool], str]
    escape: Callable[[str], str] = html.escape

    def paragraphs(self, text: str) -> str:
        """An author's text."""
        return "\n".join(f"<p>{self.line(one.strip())}</p>" for one in paragraphs_of(text))

    def line(self, text: str) -> str:
        """The same within a line."""
        return "".join(map(self._piece, pieces(text)))

    def question(self, question: Question) -> str:
        """A question: its prompt, and what an answer to it looks like."""
        unit = "point" if question.points == 1 else "points"
        head = f"{question.label} ({question.id}), {points_text(question.points)} {unit}"
        parts = [f"<h3>{self.escape(head)}</h3>", self.paragraphs(question.prompt)]
        parts += [self.paragraphs(f"On the printed sheet: {one}") for one in question.errata]
        items = (f"{self._code(name)}: {self.line(what)}" for name, what in question.fields.items())
        if question.fields:
            parts.append(f"<ul>{''.join(f'<li>{one}</li>' for one in items)}</ul>")
        parts.append(f"<p>Answer in Python: {self._code(answer_form(question))}</p>")
        return "\n".join(parts)

    def _piece(self, piece: str | FormulaInText | Picture) -> str:
        if isinstance(piece, str):
            return self.escape(piece)
        if isinstance(piece, Picture):
            return f'<img src="{html.escape(piece.source)}" alt="{self.escape(piece.seen)}">'
        return self.formula(piece.tex, piece.is_display)

    def _code(self, text: str) -> str:
        return f"<code>{self.escape(text)}</code>"


def answer_form(question: Question) -> str:
    """The form of an answer to a question, as a line of Python."""
    if question.signature:
        return f"def {question.signature}: ..."
    return f"{question.id} = dict({', '.join(f'{name}=...' for name in question.fields)})"
