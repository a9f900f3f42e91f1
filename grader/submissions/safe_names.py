"""Names that strangers chose: printed without harm, and turned into ids."""

from __future__ import annotations

import hashlib
import unicodedata

from grader.model.text import composed

LONGEST_ID = 120
DIGEST_LETTERS = 10


def escaped(name: str) -> str:
    """A name or path on one line; what is not plainly visible is written as an escape.

    Args:
        name: As found, also with bytes that are no text.
    """
    if name.isprintable():
        return name
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in name)


def clean_id(name: str) -> str:
    r"""The id that results are kept under: printable, in one spelling, no slash, not too long.

    Args:
        name: What the export calls the student.
    """
    name = composed(name)
    text = escaped(name.strip(" ")).replace("/", "\\x2f")
    if text.strip(".") == "":
        text = text.replace(".", "\\x2e") or "unnamed"
    if len(text) <= LONGEST_ID:
        return text
    # Two long names that begin alike must stay two students.
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:DIGEST_LETTERS]
    return f"{text[: LONGEST_ID - DIGEST_LETTERS - 1]}~{digest}"


def id_key(text: str) -> str:
    """The form in which ids are compared: one spelling, lower case.

    Args:
        text: As a gradebook CSV or a class list has it.
    """
    return composed(composed(text.strip()).casefold())


def run_together(name: str) -> str:
    """A name as Canvas puts it into names of files: "doejane" for "Doe, Jane".

    Args:
        name: As a gradebook CSV has it.
    """
    key = id_key(name)
    return "".join(letter for letter in key if letter.isalnum() or unicodedata.category(letter)[0] == "M")
