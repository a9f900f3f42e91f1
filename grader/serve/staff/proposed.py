"""Who changes by a regrade, and what else to know of it, as blocks of a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import quote

from grader.model.text import counted, joined
from grader.reports.html.elements import Child, element, list_of, table
from grader.serve.regrading.proposal import Changed, Proposal


def proposal_blocks(found: Proposal, change: str) -> list[Child]:
    """How many students change, what to know before it is applied, and old and new points of each.

    Args:
        found: What a regrade found.
        change: What the students do: "would change", or "changed".
    """
    total = len(found.changed) + found.unchanged
    said = (
        f"{len(found.changed)} of {counted(total, 'student')} {change}; {found.unchanged} stay as they are."
    )
    blocks: list[Child] = [element("p", {"class": "standing"}, said)]
    blocks.append(list_of(_notes(found)))
    if found.changed:
        rows = [_changed(one) for one in found.changed]
        blocks.append(table(["student", "points before", "points after", "questions"], rows, "Old and new"))
    return blocks


def _notes(found: Proposal) -> Iterator[str]:
    """What else one must know before a regrade is applied."""
    if found.undecided:
        yield f"{joined(found.undecided)} could not be decided anew, and keep their marks."
    if found.kept_lower:
        yield f"{joined(found.kept_lower)} would have got fewer points, and keep theirs."
    if found.by_hand:
        places = counted(found.by_hand, "place")
        yield f"Points given by hand stand in {places} where the grader says something else now."
    if found.newer:
        yield f"{counted(found.newer, 'attempt')} got another result since this began, and keep that one."
    if found.came_since:
        came = f"{counted(found.came_since, 'attempt')} came since this began"
        yield f"{came} and had another version of the exercise: begin another regrade after this one."


def _changed(one: Changed) -> list[Child]:
    link = element("a", {"href": f"/staff/people/{quote(one.student, safe='')}"}, one.student)
    lines: Iterable[Child] = (f"{name}: {old} → {new}" for name, old, new in one.questions)
    return [link, *one.points, list_of(lines)]
