"""The class list: who is missing, and who is not on it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.errors import SubmissionError
from grader.lms.listing import ClassListing
from grader.lms.moodle.write import is_worksheet, participant_number
from grader.submissions.safe_names import clean_id, escaped, id_key, run_together
from grader.submissions.safe_read import Refused, read_regular_file

LIMIT_BYTES = 32 * 2**20
DELIMITERS = ",;\t"
# In the order in which one is taken as the id. Classroom 50's roster has username, Canvas's gradebook
# has ID and SIS Login ID, Moodle's worksheet Identifier and Email address, Gradescope's Email and SID,
# PrairieLearn's UID and UIN, GitHub Classroom's identifier and github_username.
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
        *("github_id", "github_username", "uid", "uin"),
        "student",
    ),
)
NAME_COLUMNS = ("name", "full name", "student name")
FIRST_NAMES = ("first_name", "first name", "firstname", "given name")
LAST_NAMES = ("last_name", "last name", "lastname", "surname", "family name")
# Excel takes this line for the separator, and so do programs that write for it.
SEPARATOR = re.compile(r"\Asep=[,;\t]\r?\n", re.IGNORECASE)
# What keeps the zeros in front of a number where a spreadsheet reads it.
KEPT_AS_TEXT = re.compile(r'="([^"]*)"')
# Canvas: the order of its columns is fixed; Moodle: its worksheet has the full name second, in any language.
CANVAS = ["student", "id"]
FULL_NAME = 1


@dataclass(frozen=True)
class RosterRow:
    """One row of a class list.

    Args:
        id: From the first column that holds ids.
        name: Where the list has one.
        keys: Everything by which a submission may name the person, in lower case.
    """

    id: str
    name: str
    keys: frozenset[str]


@dataclass(frozen=True)
class RosterCheck:
    """The differences between a class list and the submissions.

    Args:
        missing: On the list, without a submission.
        unknown: Ids of submissions, or of members of a group, that are not on the list.
        doubtful: Ids that more than one row could mean.
    """

    missing: tuple[RosterRow, ...]
    unknown: tuple[str, ...]
    doubtful: tuple[str, ...]


def read_roster(path: Path) -> tuple[RosterRow, ...]:
    """The people of a class list in CSV.

    Args:
        path: With a header; commas, semicolons or tabs.

    Raises:
        SubmissionError: If it cannot be read, or no column holds ids.
    """
    try:
        data = read_regular_file(str(path.resolve()), limit_bytes=LIMIT_BYTES)
    except Refused as refused:
        raise SubmissionError(refused.message, where=str(path)) from None
    except OSError as error:
        raise SubmissionError(f"cannot be read: {error.strerror}", where=str(path)) from None
    return roster_of(data, str(path))


def roster_of(data: bytes, where: str) -> tuple[RosterRow, ...]:
    """The people of a class list that was read already.

    Args:
        data: CSV with a header; commas, semicolons or tabs.
        where: Its name in errors.

    Raises:
        SubmissionError: If it is no such list, or no column holds ids.
    """
    try:
        text = SEPARATOR.sub("", data.decode("utf-8-sig").lstrip("\r\n"), count=1)
        first = text.partition("\n")[0]
        delimiter = max(DELIMITERS, key=first.count)
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except UnicodeDecodeError:
        raise SubmissionError("is not UTF-8 text", "save it as CSV in UTF-8", where) from None
    except csv.Error as error:
        raise SubmissionError(f"is not a CSV file: {error}", where=where) from None
    rows = [[KEPT_AS_TEXT.sub(r"\1", cell.strip()) for cell in row] for row in rows]
    header = [cell.casefold() for cell in rows[0]] if rows else []
    ids = [header.index(name) for name in ID_COLUMNS if name in header]
    if not ids and is_worksheet([row for row in rows[1:] if "".join(row).strip()]):
        ids = [0]
    if not ids:
        hint = "one column must be called student, id, username, email or the like"
        raise SubmissionError("no column holds ids", hint, where)
    return tuple(_people([row for row in rows[1:] if "".join(row).strip()], header, ids))


def ids_of(students: Iterable[str], roster: Sequence[RosterRow]) -> dict[str, tuple[str, ...]]:
    """The ids that the class list has for a student, the list's own first; who is not on it is left out.

    Args:
        students: As their submissions name them.
        roster: From `read_roster`.
    """
    by_key: dict[str, list[RosterRow]] = {}
    for person in roster:
        for key in person.keys:
            by_key.setdefault(key, []).append(person)
    found = {student: by_key.get(id_key(student), []) for student in students}
    # An id that two people share says nothing.
    alone = {student: people[0] for student, people in found.items() if len(people) == 1}
    return {student: (one.id, *sorted(one.keys)) for student, one in alone.items()}


def check_roster(listing: ClassListing, roster: Iterable[RosterRow]) -> RosterCheck:
    """Compare a class list with the submissions.

    Args:
        listing: The class.
        roster: The list.
    """
    roster = tuple(roster)
    by_key: dict[str, set[RosterRow]] = {}
    for person in roster:
        for key in person.keys:
            by_key.setdefault(key, set()).add(person)
    seen: set[RosterRow] = set()
    unknown: set[str] = set()
    doubtful: set[str] = set()
    for submitted in listing.submissions:
        for student in submitted.members or (submitted.student,):
            people = by_key.get(id_key(student)) or by_key.get(run_together(submitted.name), set())
            seen |= people
            if not people:
                unknown.add(student)
            elif len(people) > 1:
                doubtful.add(student)
    missing = tuple(person for person in roster if person not in seen)
    return RosterCheck(missing, tuple(sorted(unknown)), tuple(sorted(doubtful)))


def _people(rows: list[list[str]], header: list[str], ids: list[int]) -> Iterator[RosterRow]:
    """The people of the rows; what Canvas and Moodle put there beside people is nobody."""
    is_moodle, is_canvas = is_worksheet(rows), header[:2] == CANVAS and len(ids) > 1
    if is_canvas:
        # Without an id it is the line of points possible.
        ids = [at for at in ids if at > 0]
    for row in rows:
        cells = dict(zip(header, (cell.strip() for cell in row), strict=False))
        values = [row[index].strip() for index in ids if index < len(row) and row[index].strip()]
        names = (*NAME_COLUMNS, "student") if is_canvas else NAME_COLUMNS
        whole = next((cells[name] for name in names if cells.get(name)), "")
        if is_moodle:
            values = [participant_number(row[0]), *(one for one in values if one != row[0].strip())]
            values += [cell.strip() for cell in row if "@" in cell and cell.strip() not in values]
            whole = row[FULL_NAME].strip() if len(row) > FULL_NAME else ""
        if values:
            yield _person(values, whole, cells)


def _person(values: list[str], whole: str, cells: dict[str, str]) -> RosterRow:
    first, last = (
        next((cells[name] for name in names if cells.get(name)), "") for names in (FIRST_NAMES, LAST_NAMES)
    )
    whole = whole or f"{first} {last}".strip()
    keys = {id_key(clean_id(value)) for value in values}
    # Canvas runs "Doe, Jane" together in the names of files.
    keys |= {run_together(text) for text in (whole, f"{last}{first}", cells.get("student", "")) if text}
    return RosterRow(clean_id(values[0]), escaped(whole), frozenset(keys))
