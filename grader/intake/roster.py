"""The class list: who is missing, and who is not on it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from grader.errors import SubmissionError
from grader.intake.listing import ClassListing
from grader.intake.names import clean_id, shown
from grader.model.spelling import composed
from grader.submissions.safe_read import Refused, read_regular_file

LIMIT_BYTES = 32 * 2**20
DELIMITERS = ",;\t"
# In the order in which one is taken as the id. Classroom 50's roster has username, Canvas's gradebook
# has ID and SIS Login ID, Moodle's worksheet Identifier and Email address, Gradescope's Email and SID.
ID_COLUMNS = (
    *("student_id", "student id", "id", "identifier", "username", "user name", "login"),
    *(
        "sis login id",
        "sis user id",
        "sid",
        "idnumber",
        "id number",
        "email",
        "email address",
        "github_id",
        "student",
    ),
)
NAME_COLUMNS = ("name", "full name", "student name")
PARTICIPANT = "participant "


@dataclass(frozen=True)
class Person:
    """One row of a class list.

    Args:
        id: From the first column that holds ids.
        name: Where the list has one.
        keys: Everything by which a hand-in may name the person, in lower case.
    """

    id: str
    name: str
    keys: frozenset[str]


@dataclass(frozen=True)
class RosterCheck:
    """A class list held against what was handed in.

    Args:
        missing: On the list, without a hand-in.
        unknown: Ids of hand-ins, or of members of a group, that are not on the list.
        doubtful: Ids that more than one row could mean.
    """

    missing: tuple[Person, ...]
    unknown: tuple[str, ...]
    doubtful: tuple[str, ...]


def read_roster(path: Path) -> tuple[Person, ...]:
    """The people of a class list in CSV.

    Args:
        path: With a header; commas, semicolons or tabs.

    Raises:
        SubmissionError: If it cannot be read, or no column holds ids.
    """
    try:
        text = read_regular_file(str(path.resolve()), limit_bytes=LIMIT_BYTES).decode("utf-8-sig")
        first = text.partition("\n")[0]
        delimiter = max(DELIMITERS, key=first.count)
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except UnicodeDecodeError:
        raise SubmissionError("is not UTF-8 text", "save it as CSV in UTF-8", str(path)) from None
    except csv.Error as error:
        raise SubmissionError(f"is not a CSV file: {error}", where=str(path)) from None
    except Refused as refused:
        raise SubmissionError(refused.message, where=str(path)) from None
    except OSError as error:
        raise SubmissionError(f"cannot be read: {error.strerror}", where=str(path)) from None
    header = [cell.strip().casefold() for cell in rows[0]] if rows else []
    ids = [header.index(name) for name in ID_COLUMNS if name in header]
    if not ids:
        hint = "one column must be called student, id, username, email or the like"
        raise SubmissionError("no column holds ids", hint, str(path))
    people = (_person(row, header, ids) for row in rows[1:])
    return tuple(person for person in people if person is not None)


def check_roster(listing: ClassListing, roster: Iterable[Person]) -> RosterCheck:
    """Who of the list handed nothing in, and who handed in without being on it.

    Args:
        listing: The class.
        roster: The list.
    """
    roster = tuple(roster)
    by_key: dict[str, set[Person]] = {}
    for person in roster:
        for key in person.keys:
            by_key.setdefault(key, set()).add(person)
    seen: set[Person] = set()
    unknown: set[str] = set()
    doubtful: set[str] = set()
    for handin in listing.handins:
        for student in handin.members or (handin.student,):
            people = by_key.get(_key(student)) or by_key.get(_run_together(handin.name), set())
            seen |= people
            if not people:
                unknown.add(student)
            elif len(people) > 1:
                doubtful.add(student)
    missing = tuple(person for person in roster if person not in seen)
    return RosterCheck(missing, tuple(sorted(unknown)), tuple(sorted(doubtful)))


def _person(row: list[str], header: list[str], ids: list[int]) -> Person | None:
    said = dict(zip(header, (cell.strip() for cell in row), strict=False))
    values = [row[index].strip() for index in ids if index < len(row) and row[index].strip()]
    if not values:
        return None
    whole = next((said[name] for name in NAME_COLUMNS if said.get(name)), "")
    first, last = said.get("first_name", ""), said.get("last_name", "")
    whole = whole or f"{first} {last}".strip()
    keys = {_key(clean_id(_bare(value))) for value in values}
    # Canvas runs "Doe, Jane" together in the names of files.
    keys |= {_run_together(text) for text in (whole, f"{last}{first}", said.get("student", "")) if text}
    return Person(clean_id(_bare(values[0])), shown(whole), frozenset(keys))


def _bare(value: str) -> str:
    """Moodle's worksheet says "Participant 12" where its files say 12."""
    return value[len(PARTICIPANT) :] if value.casefold().startswith(PARTICIPANT) else value


def _key(text: str) -> str:
    """In one spelling and in lower case."""
    return composed(composed(text).casefold())


def _run_together(name: str) -> str:
    return "".join(letter for letter in _key(name) if letter.isalnum())
