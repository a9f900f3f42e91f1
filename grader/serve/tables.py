"""The tables of the server, in the gradebook's database, and which rows are a person's.

`grader/gradebook/migrations/` makes them.
"""

from __future__ import annotations

from sqlalchemy import Column, ColumnElement, ForeignKey, Index, Integer, LargeBinary, Table, UniqueConstraint

from grader.gradebook.tables import id_column, new_table, text_column

PEOPLE = new_table(
    "people",
    text_column("id", primary_key=True),
    text_column("name"),
    text_column("role"),
    Column("is_active", Integer, nullable=False),
)
"""Who may come in. The id of a student is the gradebook's."""

KEYS = new_table(
    "keys",
    text_column("digest", primary_key=True),
    text_column("person", ForeignKey("people.id")),
    text_column("way"),
    text_column("made_at"),
    text_column("until", nullable=True),
    text_column("revoked_at", nullable=True),
)
"""Links and typed codes by which people sign in, as SHA-256: who reads the database cannot sign in."""

SESSIONS = new_table(
    "sessions",
    text_column("digest", primary_key=True),
    text_column("person", ForeignKey("people.id")),
    text_column("made_at"),
    text_column("until"),
)
"""Who is signed in, by the SHA-256 of the cookie."""

DRAFTS = new_table(
    "drafts",
    id_column(),
    text_column("person", ForeignKey("people.id")),
    text_column("exercise"),
    text_column("question"),
    text_column("typed"),
    text_column("saved_at"),
    text_column("submitted_at", nullable=True),
    Index("ix_drafts_person_exercise", "person", "exercise"),
)
"""What was saved, as JSON, each time anew: two tabs may save one after the other."""

HAND_INS = new_table(
    "hand_ins",
    id_column(),
    text_column("person", ForeignKey("people.id")),
    text_column("exercise"),
    text_column("question"),
    text_column("press"),
    text_column("submission", ForeignKey("submissions.digest")),
    text_column("typed"),
    text_column("received_at"),
    text_column("state"),
    Column("lane", Integer, nullable=False),
    text_column("worker", nullable=True),
    text_column("until", nullable=True),
    Column("tries", Integer, nullable=False),
    Column("attempt", Integer, ForeignKey("attempts.id")),
    text_column("settled_at", nullable=True),
    # Pressing twice, or the browser's sending again, is one submission.
    UniqueConstraint("person", "press"),
    UniqueConstraint("attempt"),
    Index("ix_hand_ins_state_lane", "state", "lane"),
    Index("ix_hand_ins_person_exercise", "person", "exercise"),
)
"""Everything that was submitted in a browser; `question` is empty for a file for the whole exercise."""

TURNS = new_table(
    "turns",
    text_column("person", ForeignKey("people.id"), primary_key=True),
    Column("served", Integer, nullable=False),
    text_column("slow_until", nullable=True),
)
"""Whose turn was when, for fairness, and whose code ran out of time and waits in the slow lane."""

ACTIONS = new_table(
    "actions",
    id_column(),
    *(text_column(name) for name in ("made_at", "who", "role", "action", "subject", "detail")),
)
"""What staff did, and who came in; rows are added only."""

COMPLAINTS = new_table(
    "complaints",
    id_column(),
    Column("hand_in", Integer, ForeignKey("hand_ins.id"), nullable=False, index=True),
    *(text_column(name) for name in ("question", "words", "made_at")),
    Column("result", Integer, ForeignKey("results.id")),
    *(text_column(name, nullable=True) for name in ("answered_at", "answered_by", "answer", "seen_at")),
)
"""\"This is wrong\", said by a student of a report: of which result, what staff said, when it was read."""

UPLOADS = new_table(
    "uploads",
    id_column(),
    text_column("exercise"),
    Column("text", LargeBinary, nullable=False),
    *(text_column(name) for name in ("remarks", "who", "made_at", "state")),
    *(text_column(name, nullable=True) for name in ("settled_by", "settled_at")),
)
"""Exercise files from the browser, whole, that wait to be put in place or discarded; the text is kept."""

REGRADES = new_table(
    "regrades",
    id_column(),
    *(text_column(name) for name in ("exercise", "question", "digest", "who", "why", "made_at", "state")),
    Column("never_lower", Integer, nullable=False),
    *(text_column(name, nullable=True) for name in ("settled_by", "settled_at", "settled_why", "changed")),
)
"""All attempts of an exercise marked anew, on trial until somebody says that the new marks stand.

`question` is empty for the whole exercise; `changed` is the table of old and new as it was applied."""

REGRADE_TASKS = new_table(
    "regrade_tasks",
    id_column(),
    Column("regrade", Integer, ForeignKey("regrades.id"), nullable=False, index=True),
    text_column("submission", ForeignKey("submissions.digest")),
    *(text_column(name) for name in ("student", "variant", "attempts", "state")),
    *(text_column(name, nullable=True) for name in ("worker", "until", "marks", "result")),
    Column("tries", Integer, nullable=False),
)
"""What a regrade marks: identical submissions once. `attempts` has each attempt with the result it had."""

SERVER_KEYS = new_table("server_keys", text_column("name", primary_key=True), text_column("value"))
"""Keys that all servers of a database share."""

ENDED_SIGN_INS = new_table(
    "ended_sign_ins",
    text_column("digest", primary_key=True),
    Column("until", Integer, nullable=False),
)
"""Sign-ins by a provider or platform that cannot be ended again, until they are too old anyway."""

ACCOUNTS = new_table(
    "accounts",
    text_column("issuer", primary_key=True),
    text_column("subject", primary_key=True),
    text_column("person", ForeignKey("people.id")),
    text_column("made_at"),
    # Somebody else who claims the same name later is not the same person.
    UniqueConstraint("issuer", "person"),
)
"""Who a provider's or platform's account was found to be when it first came in."""

PASSBACKS = new_table(
    "passbacks",
    *(text_column(name, primary_key=True) for name in ("issuer", "client_id")),
    text_column("person", ForeignKey("people.id"), primary_key=True),
    text_column("exercise", primary_key=True),
    *(text_column(name) for name in ("subject", "line_item", "linked_at")),
    *(
        text_column(name, nullable=True)
        for name in ("wanted", "wanted_at", "sent", "next_at", "until", "error")
    ),
    Column("tries", Integer, nullable=False),
)
"""Where a platform wants the points of a student in an exercise, what they are, and what it was last told."""


def of_person(table: Table, person: str, exercise: str, question: str | None = None) -> ColumnElement[bool]:
    """Whether a row is of a person in an exercise, and of a question where one is named.

    Args:
        table: Drafts or hand-ins.
        person: The id.
        exercise: The exercise's id.
        question: The question's id; empty for a file for the whole exercise, None for whatever it is of.
    """
    is_it = (table.c.person == person) & (table.c.exercise == exercise)
    return is_it if question is None else is_it & (table.c.question == question)
