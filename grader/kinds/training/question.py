"""Weights of a trained network, run on sequences that nobody has seen: drawn from a secret of the course."""

from __future__ import annotations

import functools
import hashlib
import hmac

import numpy as np

from grader.answers.drawing import SECRET_ENV, course_secret
from grader.model.kind import Asks
from grader.training.bands import Band
from grader.training.networks import NAMES
from grader.training.task import Sequences, TaskParams, draw_sequences


class TrainingParams(TaskParams, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Parameters of `training`.

    Args:
        hidden: Hidden neurons that the network must have.
        stream: Exercise id and version; together with the secret it gives the hidden sequences.
        constant: Mean squared error of the best constant, an output; from `rnngrade author bands`.
        linear: The same of the best linear predictor.
        bands: Shares of the points by R, rising; from `rnngrade author bands`.
        tolerance: By so much an edge is widened: another draw of 64 sequences moves R by 2 to 3 %.
        noise: Standard deviation of the noise that students train with.
        train_seqs: Sequences that students train on.
        n_seqs: Hidden sequences.
        n_steps: Steps of each.
        secret_env: Environment variable with the course's secret; unset, the hidden set is a public one.
    """

    hidden: int
    stream: str
    constant: tuple[float, ...]
    linear: tuple[float, ...]
    bands: tuple[Band, ...]
    tolerance: float = 0.05
    noise: float = 0.1
    train_seqs: int = 8
    n_seqs: int = 64
    n_steps: int = 100
    secret_env: str = SECRET_ENV

    def __post_init__(self) -> None:
        super().__post_init__()
        if not (len(self.constant) == len(self.linear) == len(self.targets)):
            raise ValueError("constant and linear want one number for each target")
        if not all(0 < error < float("inf") for error in self.constant):
            raise ValueError("constant: wanted numbers above 0")
        edges = [band.up_to for band in self.bands]
        if not edges or edges != sorted(edges):
            raise ValueError("bands: wanted at least one, in rising order of up_to")
        if not 0 <= self.tolerance < 1:
            raise ValueError(f"tolerance is {self.tolerance}; wanted 0 to 1")
        if min(self.hidden, self.n_seqs, self.n_steps, self.train_seqs) < 1:
            raise ValueError("hidden, train_seqs, n_seqs and n_steps are counts from 1 on")


def asks(params: TrainingParams) -> Asks:
    """The weights, under their own name or as the question's object."""
    return Asks(fields=("weights",), parts=NAMES)


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


def hidden_set(params: TrainingParams) -> Sequences:
    """The sequences that decide the mark; drawn once for each secret of a course."""
    return _drawn(params, course_secret(params.secret_env))


@functools.lru_cache(maxsize=16)
def _drawn(params: TrainingParams, secret: bytes) -> Sequences:
    rng = hidden_generator(params.stream, params.secret_env)
    return draw_sequences(params, params.n_seqs, params.n_steps, rng)
