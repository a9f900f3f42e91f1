"""Sequences that no student has seen: drawn from a secret of the course."""

from __future__ import annotations

import hashlib
import hmac

import numpy as np

from grader.answers.instance_seed import course_secret


def hidden_generator(stream: str, secret_env: str) -> np.random.Generator:
    """The generator of an exercise's hidden sequences, the same for all students of a course.

    HMAC-SHA256 of the stream under the secret, as the entropy of a SeedSequence. Without a secret the set is
    a public one for practice: whoever has the grader can draw it.

    Args:
        stream: Exercise id and version, "ntu-cz4042-tutorial-8/1".
        secret_env: Environment variable that holds the course's secret.
    """
    digest = hmac.new(course_secret(secret_env), stream.encode(), hashlib.sha256).digest()
    return np.random.default_rng(np.random.SeedSequence(int.from_bytes(digest)))
