"""Reading a class by the instructor's own pattern, with nbgrader's names for the groups too."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from grader.errors import SubmissionError
from grader.gradebook.submission_times import kept_time
from grader.lms.listing import ClassContents
from grader.model.submission import SubmittedFiles
from grader.model.text import composed
from grader.submissions.safe_names import escaped
from grader.submissions.tree import Tree, TreeEntry

# nbgrader's zip_collect calls them student_id, file_id (once notebook_id), first_name, last_name, timestamp.
STUDENT = ("student", "student_id")
FILE = ("file", "file_id", "notebook_id")
TIME = ("submitted_at", "timestamp")
OTHERS = ("attempt", "late", "name", "first_name", "last_name", "email")
DEEPEST, MOST_FILES = 12, 200_000


def read_by_pattern(tree: Tree, pattern: str) -> ClassContents:
    """Submissions made of the files whose path, from the class folder on, matches a pattern.

    Args:
        tree: The class.
        pattern: A regular expression with a group named student or student_id.

    Raises:
        SubmissionError: If it is no pattern, or has no such group.
    """
    expression = _compiled(composed(pattern))
    found = ClassContents(has_any_names=True)
    members_of: dict[tuple[str, int], list[tuple[TreeEntry, dict[str, str]]]] = {}
    for entry in _files(tree, found):
        match = expression.match(composed(entry.path))
        groups = {name: text for name, text in match.groupdict().items() if text} if match else {}
        student = _first(groups, STUDENT)
        if not student:
            found.leave(entry, "does not match the pattern", is_expected=True)
            continue
        members_of.setdefault((student, _number(groups.get("attempt"))), []).append((entry, groups))
    for (student, attempt), members in members_of.items():
        found.submissions.append(_submitted(student, attempt, members, "late" in expression.groupindex))
    return found


def _compiled(pattern: str) -> re.Pattern[str]:
    try:
        expression = re.compile(pattern)
    except (re.error, RecursionError, OverflowError) as error:
        raise SubmissionError(f"the pattern is not a regular expression: {error}") from None
    if not set(STUDENT) & set(expression.groupindex):
        hint = "for example (?P<student>[^/]+)/(?P<file>.+)"
        raise SubmissionError("the pattern needs a group named student", hint)
    unknown = sorted(set(expression.groupindex) - {*STUDENT, *FILE, *TIME, *OTHERS})
    if unknown:
        known = ", ".join((*STUDENT, *FILE, *TIME, *OTHERS))
        raise SubmissionError(f"the pattern names a group {unknown[0]!r}", f"groups are {known}")
    return expression


def _files(tree: Tree, found: ClassContents) -> Iterator[TreeEntry]:
    """All files below the class folder; entries that cannot be read go to `found.unmatched`."""
    waiting = [("", 0)]
    count = 0
    while waiting:
        path, depth = waiting.pop()
        for entry in found.usable(tree.children(path)):
            count += 1
            if count > MOST_FILES:
                raise SubmissionError(f"there are more than {MOST_FILES} files", "give a smaller folder")
            if entry.kind == "file":
                yield entry
            elif depth < DEEPEST:
                waiting.append((entry.path, depth + 1))
            else:
                found.leave(entry, f"more than {DEEPEST} folders deep")


def _submitted(
    student: str, attempt: int, members: list[tuple[TreeEntry, dict[str, str]]], has_late: bool
) -> SubmittedFiles:
    groups = {key: text for _, one in reversed(members) for key, text in one.items()}
    whole = groups.get("name") or " ".join(filter(None, (groups.get("first_name"), groups.get("last_name"))))
    return SubmittedFiles(
        student=student,
        paths=tuple(entry.path for entry, _ in members),
        names=tuple(_file_name(entry, one) for entry, one in members),
        name=whole,
        attempt=attempt,
        submitted_at=kept_time(_first(groups, TIME)),
        is_late="late" in groups if has_late else None,
        return_name=members[0][0].name,
    )


def _file_name(entry: TreeEntry, groups: dict[str, str]) -> str:
    """What the student called it; a group may leave the suffix out."""
    name = _first(groups, FILE).rpartition("/")[2] or entry.name
    suffix = os.path.splitext(entry.name)[1]
    return name if name.endswith(suffix) else name + suffix


def _first(groups: dict[str, str], names: tuple[str, ...]) -> str:
    return next((groups[name] for name in names if name in groups), "")


def _number(text: str | None) -> int:
    """The number of the attempt, in digits of any script; 1 where there is none."""
    digits = escaped(text or "")[:9]
    return int(digits) if digits.isdecimal() else 1
