"""The option `--course`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from grader.errors import SpecError

if TYPE_CHECKING:
    from grader.gradebook.course import Course
    from grader.gradebook.gradebook import Gradebook


def read(path: str) -> tuple[str, Course]:
    """A course file's text, and what it says.

    Args:
        path: As typed.

    Raises:
        SpecError: If it cannot be read or is wrong.
    """
    from grader.gradebook.course import read_course

    try:
        text = Path(path).read_text(encoding="utf-8")
    except OSError as error:
        raise SpecError(f"cannot be read: {error.strerror}", where=path) from None
    except UnicodeDecodeError:
        raise SpecError("not a text in UTF-8", where=path) from None
    return text, read_course(text, path)


def standing_course(book: Gradebook, path: str | None) -> Course:
    """The course file that was given, else the one that the gradebook keeps, else one without policies.

    Args:
        book: The gradebook.
        path: As typed.

    Raises:
        SpecError: If it cannot be read or is wrong.
    """
    from grader.gradebook.course import NO_POLICIES, read_course
    from grader.gradebook.reading import course_text

    if path is not None:
        return read(path)[1]
    with book.reading() as connection:
        text = course_text(connection)
    return NO_POLICIES if text is None else read_course(text, "the course file in the gradebook")
