"""The class list: who is missing, and who is not on it."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.errors import SubmissionError
from grader.lms.gradebook_csv import delimiter_of
from grader.lms.listing import ClassListing
from grader.lms.moodle.write import is_worksheet, participant_number
from grader.submissions.safe_names import clean_id, escaped, id_key, run_together
from grader.submissions.safe_read import Refused, read_regular_file

LIMIT_BYTES = 32 * 2**20
# In the order in which one is taken as the id, as `_plain` has them. Classroom 50's roster has username,
# Canvas's gradebook has ID and SIS Login ID, its list of users canvas_user_id and login_id, Moodle's
# worksheet Identifier and Email address, Blackboard's Username and Student ID, Gradescope's Email and SID,
# PrairieLearn's UID and UIN, Brightspace's OrgDefinedId and Username, GitHub Classroom's identifier and
# github_username, its grades roster_identifier.
ID_COLUMNS = (
    *("studentid", "id", "identifier", "username", "login", "sisloginid", "sisuserid", "sid", "idnumber"),
    *("email", "emailaddress", "githubid", "githubusername", "uid", "uin", "student"),
    *("canvasuserid", "loginid", "userid", "orgdefinedid", "rosteridentifier", "studentnumber"),
)
NAME_COLUMNS = ("name", "fullname", "studentname")
FIRST_NAMES = ("firstname", "givenname")
LAST_NAMES = ("lastname", "surname", "familyname")
# Excel takes this line for the separator, and so do programs that write for it.
SEPARATOR = re.compile(r"\Asep=[,;\t]\r?\n", re.IGNORECASE)
# What keeps the zeros in front of a number where a spreadsheet reads it.
KEPT_AS_TEXT = re.compile(r'="([^"]*)"')
# Canvas: the order of its columns is fixed; Moodle: its worksheet has the full name second, in any language.
CANVAS = ["student", "id"]
FULL_NAME = 1
# Moodle's worksheet has no names where it is anonymous: then the status stands there.
STATUS = ("status", "statut", "estado", "stato", "estat", "tila", "stav", "状态", "ステータス")
# Brightspace marks ids so that a spreadsheet takes them for text, and has a column for that mark at the end.
BRIGHTSPACE, MARK = "endoflineindicator", "#"
LONGEST_SHOWN = 80


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
        path: With a header; commas, semicolons or tabs, in UTF-8, or in UTF-16 as Blackboard writes it.

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
        data: CSV with a header; commas, semicolons or tabs, in UTF-8, or in UTF-16 as Blackboard writes it.
        where: Its name in errors.

    Raises:
        SubmissionError: If it is no such list, or no column holds ids.
    """
    rows = _rows(data, where)
    header = [_plain(cell) for cell in rows[0]] if rows else []
    ids = [at for name in ID_COLUMNS for at, head in enumerate(header) if head == name]
    people = [row for row in rows[1:] if "".join(row).strip()]
    is_moodle = is_worksheet(people, has_own_ids=bool(header) and header[0] in ID_COLUMNS)
    if is_moodle and not ids:
        ids = [0]
    if not ids:
        first = escaped(" | ".join(rows[0]) if rows else "")[:LONGEST_SHOWN]
        found = f"; its first line is {first!r}" if first else ""
        hint = "one column must be called student, id, username, email or the like"
        raise SubmissionError(f"no column holds ids{found}", hint, where)
    return tuple(_people(people, header, ids, is_moodle=is_moodle))


def _rows(data: bytes, where: str) -> list[list[str]]:
    """The cells of a CSV file, without spaces around them and the mark that keeps numbers text."""
    try:
        is_wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        text = data.decode("utf-16" if is_wide else "utf-8-sig")
        text = SEPARATOR.sub("", text.lstrip("\r\n"), count=1)
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(text)))
    except UnicodeDecodeError:
        raise SubmissionError("is not UTF-8 text", "save it as CSV in UTF-8", where) from None
    except csv.Error as error:
        raise SubmissionError(f"is not a CSV file: {error}", where=where) from None
    if text.count('"') % 2 and rows and "\n" in "".join(rows[-1][-1:]):
        quoted = escaped(rows[-1][-1].partition("\n")[0])[:LONGEST_SHOWN]
        hint = "all that stands behind it would be one person's"
        raise SubmissionError(f"a quotation mark near {quoted!r} is never closed", hint, where)
    return [[KEPT_AS_TEXT.sub(r"\1", cell.strip()) for cell in row] for row in rows]


def _plain(name: str) -> str:
    """A column's name in letters and digits alone: "Student_ID", "student-id" and "E-Mail" are all known."""
    return "".join(letter for letter in name.casefold() if letter.isalnum())


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


def _people(
    rows: list[list[str]], header: list[str], ids: list[int], *, is_moodle: bool
) -> Iterator[RosterRow]:
    """The people in the rows, without the other rows that Canvas and Moodle put there."""
    is_canvas, is_brightspace = header[:2] == CANVAS and len(ids) > 1, BRIGHTSPACE in header
    if is_canvas:
        # Without an id it is the line of points possible.
        ids = [at for at in ids if at > 0]
    for row in rows:
        cells = dict(zip(header, (cell.strip() for cell in row), strict=False))
        values = [row[index].strip() for index in ids if index < len(row) and row[index].strip()]
        if is_brightspace:
            values = [one for value in values if (one := value.removeprefix(MARK))]
        names = (*NAME_COLUMNS, "student") if is_canvas else NAME_COLUMNS
        whole = next((cells[name] for name in names if cells.get(name)), "")
        if is_moodle:
            values = [participant_number(row[0]), *(one for one in values if one != row[0].strip())]
            values += [cell.strip() for cell in row if "@" in cell and cell.strip() not in values]
            is_anonymous = header[FULL_NAME : FULL_NAME + 1] in [[word] for word in STATUS]
            whole = row[FULL_NAME].strip() if len(row) > FULL_NAME and not is_anonymous else ""
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
