"""The lines that say how a class folder was read, printed before anything runs."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from grader.lms.class_layout import PLAIN, find_layout
from grader.lms.listing import ClassListing
from grader.lms.roster import RosterCheck
from grader.model.text import counted
from grader.submissions.answer_files import first_name
from grader.submissions.safe_names import escaped

PATTERN = "pattern"


def announcement(listing: ClassListing) -> tuple[str, ...]:
    """The lines on possible losses, the layout, the counts, and files that are nobody's, with reasons."""
    students = {submitted.student for submitted in listing.submissions}
    late = sum(bool(submitted.is_late) for submitted in listing.submissions)
    groups = sum(bool(submitted.members) for submitted in listing.submissions)
    counts = [counted(len(students), "student"), counted(len(listing.submissions), "submission")]
    counts += [f"{late} late"] if late else []
    counts += [counted(groups, "group")] if groups else []
    lines = [f"read as {_layout(listing)}", f"found {', '.join(counts)}"]
    others = [one for one in listing.unmatched if not one.is_lost]
    if others:
        is_nobodys = "is nobody's submission" if len(others) == 1 else "are nobody's submission"
        lines.append(f"{counted(len(others), 'other entry', 'other entries')} {is_nobodys}:")
        lines += [f"  {one.path}: {one.reason}" for one in others]
    lines += _doubts(listing)
    return (*warning(listing), *lines)


def warning(listing: ClassListing) -> tuple[str, ...]:
    """The lines to read first: who may go without a mark, or be marked under another name."""
    lines = []
    if listing.lost:
        count = len(listing.lost)
        these = "this may be a submission" if count == 1 else f"these {count} entries may be submissions"
        lines.append(f"NOT READ: {these}, and nobody gets a mark for {'it' if count == 1 else 'them'}:")
        lines += [f"  {one.path}: {one.reason}" for one in listing.lost]
    if listing.looks_like:
        title = find_layout(listing.looks_like).title
        lines.append(
            f"IN DOUBT: some names are those of {title}, most are not; all are read as plain files, each "
            f"called like its student: --preset {listing.looks_like} or --preset {PLAIN} says how to read"
        )
    if listing.exports_inside:
        lines.append(
            f"IN DOUBT: {', '.join(listing.exports_inside)}: read as one student each, but what is inside is "
            f"named as a platform names a whole class: mark each such folder by itself, into one gradebook; "
            f"--preset {PLAIN} says that each is a student"
        )
    return tuple(lines)


def _doubts(listing: ClassListing) -> list[str]:
    """Notes on what was read and may have been meant otherwise."""
    lines = [f"note: {one}" for one in (*listing.notes, *_without_time(listing))]
    if listing.layout == PLAIN:
        for one in listing.submissions:
            if len(one.paths) > 1:
                names = ", ".join(map(escaped, one.paths))
                lines.append(f"note: {one.student}: several files are one submission: {names}")
    ids = {student for one in listing.submissions for student in one.members or (one.student,)}
    alike: dict[str, set[str]] = {}
    for student in ids:
        # A browser calls a second download "ada (1).py".
        first = first_name(f"{student}.").removesuffix(".") if listing.layout == PLAIN else student
        name = first if first in ids else student
        alike.setdefault(unicodedata.normalize("NFKC", name).casefold(), set()).add(student)
    for students in sorted(map(sorted, alike.values())):
        if len(students) > 1:
            named = " and ".join(map(repr, students))
            lines.append(f"note: {named} look like one student; each is kept on its own")
    return lines


def _without_time(listing: ClassListing) -> list[str]:
    """Notes on submissions without a time, where others have one or where they are marked as late."""
    missing = [one for one in listing.submissions if one.submitted_at is None]
    if len(missing) == len(listing.submissions):
        missing = [one for one in missing if one.is_late]
    what = "no time of handing in is known, so nothing is taken off"
    return [
        f"{one.student}: it is late, but {what}" if one.is_late else f"{one.student}: {what}"
        for one in missing
    ]


def roster_lines(check: RosterCheck) -> tuple[str, ...]:
    """Who is missing, unknown or doubtful, one line a person."""
    missing = (f"{one.id} ({one.name})" if one.name else one.id for one in check.missing)
    return (
        *_block("on the class list without a submission", missing),
        *_block("not on the class list", check.unknown),
        *_block("fits more than one on the class list", check.doubtful),
    )


def _layout(listing: ClassListing) -> str:
    if listing.layout == PATTERN:
        return "the given pattern says"
    how = "as chosen" if listing.is_forced else "recognised; --preset or --pattern reads it otherwise"
    inside = f", in {escaped(listing.base)}" if listing.base else ""
    return f"{find_layout(listing.layout).title}{inside} ({listing.layout}, {how})"


def _block(heading: str, names: Iterable[str]) -> tuple[str, ...]:
    names = tuple(f"  {name}" for name in names)
    return (f"{heading}: {len(names)}", *names) if names else ()
