"""What the page of an exercise sends: one form, so that pressing at a question keeps what is in the others.

Of every other question what was typed since the page was made becomes a draft. What stands there as the page
showed it is not touched, however old the page: another tab may have saved something newer. What was typed and
is kept already, as where the browser went back to a page, gives way to what came since.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import msgspec
from sqlalchemy import Connection, func, select
from starlette.exceptions import HTTPException

from grader.model.exercise import Exercise, Question
from grader.model.text import joined
from grader.serve.controls import LONGEST, Typed, content, is_in, most_fields, too_long, typed_in
from grader.serve.drafts import newest_drafts, save_draft, versions
from grader.serve.people import Person
from grader.serve.sent_again import SEEN
from grader.serve.tables import HAND_INS, of_person

MOST_FIELDS = 20
"""Fields of a form beside those for its questions."""


class ShownMark(msgspec.Struct, frozen=True):
    """Which version of a question's answer a page showed.

    Args:
        draft: The newest that was saved by then, 0 for none.
        hand_in: The last one by then, 0 for none.
        shown: A digest of what stood in its controls.
    """

    draft: int = 0
    hand_in: int = 0
    shown: str = ""

    @property
    def text(self) -> str:
        """As the form sends it along."""
        return f"{self.draft}.{self.hand_in}.{self.shown}"


def read_mark(text: str) -> ShownMark:
    """A mark as it came back; what is none is that of a page that showed nothing."""
    draft, _, rest = text.partition(".")
    hand_in, _, shown = rest.partition(".")
    return ShownMark(number_of(draft), number_of(hand_in), shown)


def number_of(text: str) -> int:
    """A number that a form sends along; 0 where it is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def controls_digest(question: Question, typed: Typed) -> str:
    """A digest of the contents of a question's controls."""
    return hashlib.sha256(json.dumps(content(question, typed), sort_keys=True).encode()).hexdigest()[:16]


class SentForm(msgspec.Struct, frozen=True, kw_only=True):
    """The contents of a form that was sent.

    Args:
        given: Everything in it that is text, by name.
        typed: For the question at which was pressed.
        others: What was typed for other questions since the page was made.
    """

    given: Mapping[str, str]
    typed: dict[str, str] = {}
    others: tuple[tuple[Question, dict[str, str]], ...] = ()

    @property
    def is_read(self) -> bool:
        """Whether the page is to show how the answer is read."""
        return self.given.get("action") == "read"

    def mark(self, question: Question) -> ShownMark:
        """What the page showed of a question."""
        return read_mark(self.given.get(f"{SEEN}{question.id}", self.given.get("draft", "")))


def most_sent(exercise: Exercise) -> int:
    """How many fields a browser sends at most for an exercise."""
    return sum(most_fields(question) + 1 for question in exercise.questions) + MOST_FIELDS


def read_sent(form: Any, exercise: Exercise, pressed: Question | None = None) -> SentForm:
    """Read the form that a page sent.

    Args:
        form: With `getlist` and `multi_items`.
        exercise: As the person has it.
        pressed: The question at which was pressed; None for none of them.

    Raises:
        HTTPException: 400 for what is longer than is read.
    """
    given = {name: one for name, one in form.multi_items() if isinstance(one, str)}
    long = [] if pressed is None else too_long(pressed, form)
    others = []
    for question in exercise.questions:
        if question is pressed or f"{SEEN}{question.id}" not in given or not is_in(question, form):
            continue
        typed = typed_in(question, form)
        if controls_digest(question, typed) != read_mark(given[f"{SEEN}{question.id}"]).shown:
            long += [f"{question.label} {part}".strip() for part in too_long(question, form)]
            others.append((question, typed))
    if long:
        words = f"{joined(long)}: longer than {LONGEST:,} characters. Nothing was changed; hand in a file."
        raise HTTPException(400, words)
    return SentForm(
        given=given, typed={} if pressed is None else typed_in(pressed, form), others=tuple(others)
    )


def require_same_person(fields: Mapping[str, str], person: Person) -> None:
    """Refuse, until it is sent again, what somebody else typed at this computer.

    Raises:
        HTTPException: 409 if the form was made for somebody else.
    """
    if fields.get("who", person.id) != person.id:
        raise HTTPException(
            409,
            f"This was typed while somebody else was signed in here; now it is {person.name or person.id}. "
            "If it is yours, send it again.",
        )


def keep_others(
    connection: Connection, person: Person, exercise: Exercise, sent: SentForm
) -> tuple[str, ...]:
    """Save what was typed for other questions than the one at which was pressed.

    Returns:
        Ids of those of which something else was saved or submitted since the page was made: both are kept.
    """
    newest = newest_drafts(connection, person.id, exercise.id)
    beside = []
    for question, typed in sent.others:
        now, mark = mark_now(connection, person, exercise, question, newest), sent.mark(question)
        came_since = (now.draft, now.hand_in) != (mark.draft, mark.hand_in)
        wanted = content(question, typed)
        if came_since:
            before = versions(connection, person.id, exercise.id, question.id)
            if any(content(question, one.typed) == wanted for one in before):
                continue
        save_draft(connection, person.id, exercise.id, question.id, typed)
        if came_since:
            beside.append(question.id)
    return tuple(beside)


def mark_now(
    connection: Connection, person: Person, exercise: Exercise, question: Question, newest: Mapping[str, int]
) -> ShownMark:
    """The newest draft and hand-in of a question, without a digest of what is shown."""
    is_of = of_person(HAND_INS, person.id, exercise.id) & HAND_INS.c.question.in_((question.id, ""))
    last = connection.execute(select(func.max(HAND_INS.c.id)).where(is_of)).scalar()
    return ShownMark(newest.get(question.id, 0), int(last or 0))
