"""How instances of a question are drawn: their seed, and numpy's random numbers without numpy.

The seed is a public one, or one that only the course knows. Loading numpy takes longer than marking an answer
that needs no other part of it, so numbers as `numpy.random.default_rng(seed).choice(entries)` draws them are
drawn here: PCG64 (XSL RR, O'Neill, HMC-CS-2014-0905), started by numpy's `SeedSequence` (after O'Neill's
randutils), bounded as by Lemire (arXiv:1805.10941).
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Sequence

SECRET_ENV = "RNNGRADE_COURSE_SECRET"
# Nobody tabulates 2**56 sets of instances, and a multiple of it still fits into 64 bits.
SEED_BYTES = 7


WORD = 0xFFFFFFFF
LONG = (1 << 128) - 1
STEP = 0x2360ED051FC65DA44385DF649FCCF645
POOL_WORDS = 4


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


class SeededDraws:
    """A stream of draws.

    Args:
        seed: 0 or more; the same seed draws the same.

    Raises:
        ValueError: If it is negative.
    """

    def __init__(self, seed: int) -> None:
        first, second, third, fourth = _seeded(seed)
        self._increment = ((third << 64 | fourth) << 1 | 1) & LONG
        self._state = (self._increment + (first << 64 | second)) & LONG
        self._advance()
        self._upper: int | None = None

    def choice(self, entries: Sequence[float]) -> float:
        """One of them, each as likely.

        Args:
            entries: More than one, and fewer than 2**32.
        """
        product = self._word() * len(entries)
        # Below this remainder some entries would come once too often.
        while product & WORD < (WORD + 1) % len(entries):
            product = self._word() * len(entries)
        return entries[product >> 32]

    def table(self, entries: Sequence[float], rows: int, columns: int) -> tuple[tuple[float, ...], ...]:
        """Rows of draws, one row after the other."""
        return tuple(tuple(self.choice(entries) for _ in range(columns)) for _ in range(rows))

    def _advance(self) -> None:
        self._state = (self._state * STEP + self._increment) & LONG

    def _word(self) -> int:
        """32 bits: the lower half of a number of the stream, then its upper half."""
        if self._upper is not None:
            word, self._upper = self._upper, None
            return word
        self._advance()
        value, turn = (self._state >> 64 ^ self._state) & (1 << 64) - 1, self._state >> 122
        value = (value >> turn | value << 64 - turn) & (1 << 64) - 1
        self._upper = value >> 32
        return value & WORD


def _seeded(seed: int) -> list[int]:
    """Four numbers of 64 bits: `SeedSequence(seed).generate_state(4, np.uint64)`."""
    pool, hashed = _pool(seed), _Hash(0x8B51F9DD, 0x58F38DED)
    words = [hashed(word) for word in pool * 2]
    return [low | high << 32 for low, high in zip(words[::2], words[1::2], strict=True)]


def _pool(seed: int) -> list[int]:
    if seed < 0:
        raise ValueError(f"the seed is {seed}; it must be 0 or more")
    words = [seed >> shift & WORD for shift in range(0, max(seed.bit_length(), 1), 32)]
    hashed = _Hash(0x43B0D7E5, 0x931E8875)
    pool = [hashed(word) for word in (words + [0] * POOL_WORDS)[:POOL_WORDS]]
    for source in range(POOL_WORDS):
        for target in range(POOL_WORDS):
            if source != target:
                pool[target] = _mixed(pool[target], hashed(pool[source]))
    for word in words[POOL_WORDS:]:
        pool = [_mixed(old, hashed(word)) for old in pool]
    return pool


class _Hash:
    """Spreads words; each the next otherwise."""

    def __init__(self, constant: int, factor: int) -> None:
        self._constant = constant
        self._factor = factor

    def __call__(self, word: int) -> int:
        word ^= self._constant
        self._constant = self._constant * self._factor & WORD
        word = word * self._constant & WORD
        return word ^ word >> 16


def _mixed(left: int, right: int) -> int:
    word = (0xCA01F9DD * left - 0x4973F715 * right) & WORD
    return word ^ word >> 16
