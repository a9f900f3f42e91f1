"""The seed that a question's instances are drawn from: a public one, or one that only the course knows."""

from __future__ import annotations

import hashlib
import hmac
import os

SECRET_ENV = "RNNGRADE_COURSE_SECRET"
# Nobody tabulates 2**56 sets of instances, and a multiple of it still fits into 64 bits.
SEED_BYTES = 7


def course_secret(secret_env: str = SECRET_ENV) -> bytes:
    """The secret; empty where none is set.

    Args:
        secret_env: Environment variable that holds it.
    """
    return os.environ.get(secret_env, "").encode()


def instance_seed(question: str, seed: int) -> int:
    """The seed of what a function is tried on.

    Without a secret it is the one that stands in the exercise file, and anybody can draw the same instances.
    With one it is HMAC-SHA256 of question and seed under it: the same for all students of the course and at
    every marking, and unknown to whoever has the grader but not the secret.

    Args:
        question: What distinguishes the question from others: its kind and the name of its function.
        seed: As written in the exercise file.
    """
    secret = course_secret()
    if not secret:
        return seed
    digest = hmac.new(secret, f"instances/{question}/{seed}".encode(), hashlib.sha256).digest()
    return int.from_bytes(digest[:SEED_BYTES], "big")
