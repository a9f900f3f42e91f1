"""What of a question's check says outright what is right.

A kind whose parameters hold such a key has `key.py`: `written(params)` names each, `without(check, params)`
gives the `[question.check]` table with a blank of the same form in its place, so that an answer can be read
as before and not be marked. A kind that computes its key has `without` alone, or no such module.
"""

from __future__ import annotations

import msgspec


class Key(msgspec.Struct, frozen=True, kw_only=True):
    """A key that stands in an exercise file.

    Args:
        place: Below `[question.check]`, such as "values.g1".
        what: What it is, such as "4 numbers".
        instead: How to ask it so that nothing of the kind need be written; empty if that cannot be.
    """

    place: str
    what: str
    instead: str = ""
