"""What `rnngrade batch` says at its end: how many were marked, and what staff should look at."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grader.classroom.batch import Event
    from grader.model.submission import SubmittedFiles


@dataclass
class Tally:
    """Counts and notes of a run, for the summary at its end.

    Args:
        counts: How many were marked, identical, or there already.
        remarked: How many had been marked with another version of the exercise or grader.
        undecided: How many the grader could not decide.
        notes: What staff should look at, a line each.
        groups: The group of each student who is in one.
    """

    counts: Counter[str] = field(default_factory=Counter)
    remarked: int = 0
    undecided: int = 0
    notes: list[str] = field(default_factory=list)
    groups: dict[str, str] = field(default_factory=dict)

    def add(self, event: Event, exercise: str) -> None:
        """Count one attempt.

        Args:
            event: What happened.
            exercise: The id that it was marked as.
        """
        student = event.attempt.student
        self.counts[event.how] += 1
        self.remarked += event.is_remarked
        if event.attempt.group:
            self.groups[student] = event.attempt.group
        if event.same_as is not None and event.same_as != student and not self._is_one_group(event):
            self.notes.append(
                f"{student}: it is identical to what {event.same_as} handed in, and judged once"
            )
        for line in event.attempt.submission.left_out if event.result else ():
            self.notes.append(f"{student}: this was not read: {line}")
        if event.result is None:
            return
        if event.result.is_undecided:
            self.undecided += 1
            self.notes.append(f"{student} is undecided: {event.reason or 'see `rnngrade gradebook history`'}")
            return
        if all(mark.verdict == "missing" for mark in event.result.marks):
            self._note_other_exercise(event, exercise)
        if messages := event.result.staff_messages:
            more = f", and {len(messages) - 1} more" if len(messages) > 1 else ""
            first = messages[0].partition("\n")[0]
            self.notes.append(f"{student}: for staff: {first}{more} (see `rnngrade gradebook history`)")

    def add_unread(self, submitted: SubmittedFiles) -> None:
        """Count a submission that was not read again, since its mark is there and its files are untouched."""
        self.counts["there"] += len(submitted.members) or 1
        self.groups.update(dict.fromkeys(submitted.members, submitted.student))

    def _is_one_group(self, event: Event) -> bool:
        """Whether both students are in one group, which hands in once for all."""
        group = event.attempt.group
        return bool(group) and self.groups.get(event.same_as or "") == group

    def _note_other_exercise(self, event: Event, exercise: str) -> None:
        from grader.specs import list_exercises
        from grader.submissions import name_exercise

        naming = name_exercise(event.attempt.submission, list_exercises())
        if naming.exercise not in (None, exercise):
            how = "says that it is" if naming.how == "stated" else "looks like an answer"
            self.notes.append(f"{event.attempt.student}: {how} for {naming.exercise}; marked as {exercise}")
