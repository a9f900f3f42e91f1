"""The order in which one student sees the options of a question."""

from __future__ import annotations

import hashlib


def shuffled(ids: tuple[str, ...], question: str, exercise: str, code: str) -> tuple[str, ...]:
    """The ids in the order of a variant; every order is as likely as any other.

    Args:
        ids: In the order declared.
        question: The question's id.
        exercise: The exercise's id.
        code: The variant's, as `read_code` gives it.
    """

    # By hashes and not by a generator of random numbers: the order is that of this text wherever it is made.
    def place(id: str) -> bytes:
        return hashlib.sha256(f"order/{code}/{exercise}/{question}/{id}".encode()).digest()

    return tuple(sorted(ids, key=place))
