"""An answer of the queue as its marker reads it: the words, the rubric, marks so far, and texts like it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.cli._output import one_line
from grader.model.text import counted

if TYPE_CHECKING:
    from grader.cli._queue import Queue
    from grader.gradebook.hand_marks import HandMark
    from grader.gradebook.queue import Entry


def whole(queue: Queue, entry: Entry, *, is_anonymous: bool) -> str:
    """The answer with all that a marker needs, ready to be printed.

    Args:
        queue: That it is in.
        entry: The answer.
        is_anonymous: Whether no student is named.
    """
    from grader.gradebook.similar_texts import like
    from grader.model.share import points_text
    from grader.reports.printable import printable

    others = [
        one
        for one in queue.all_entries
        if (one.exercise, one.question) == (entry.exercise, entry.question) and one.attempt != entry.attempt
    ]
    whose = "" if is_anonymous else f", {one_line(entry.student)}"
    rubric = queue.rubric(entry)
    lines = [
        f"{entry.id}{whose}: {entry.exercise}, question {entry.question}, "
        f"{points_text(entry.max_points)} points",
        "",
        *_behind("  ", printable(entry.text)),
        "",
        *(f"{item.id} ({points_text(item.points)}): {one_line(item.text)}" for item in rubric),
        *(f"given: {one_line(mark_text(one))}" for one in entry.marks),
    ]
    for found in like(entry.text, [one.text for one in others]):
        other = others[found.place]
        name = other.id if is_anonymous else f"{other.id}, {one_line(other.student)}"
        lines += ["", f"like it by {found.share:.0%}: {name}", *_behind("  | ", printable(other.text))]
    return "".join(f"{line}".rstrip() + "\n" for line in lines)


def _behind(mark: str, text: str) -> list[str]:
    """Each line of a student's text behind a mark, so that none looks like a line of ours."""
    return [f"{mark}{line}" for line in text.split("\n")]


def mark_text(mark: HandMark) -> str:
    """A mark in a line: which, by whom, and when."""
    from grader.model.share import points_text

    items = f" ({', '.join(mark.items)})" if mark.items else ""
    comment = f": {mark.comment}" if mark.comment else ""
    again = f", put right {counted(mark.revision - 1, 'time')}" if mark.revision > 1 else ""
    points = f"{points_text(mark.points)} points"
    return f"{mark.role} mark, {points}{items} by {mark.who} on {mark.made_at}{again}{comment}"
