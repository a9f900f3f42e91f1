"""Numbers and orders out of a variant's code, the same on every machine and for ever."""

from __future__ import annotations

import hashlib

BITS = 256
MOST = 2**128
"""How many values a range may have at most."""


class Stream:
    """The numbers of one declared name, one after another.

    The n-th of them is SHA-256 of "code/name/attempt/n", read as a whole number.

    Args:
        code: The variant's, as it is printed.
        name: What is drawn.
        attempt: How often it was drawn before because a requirement did not hold.
    """

    def __init__(self, code: str, name: str, attempt: int = 0) -> None:
        self._start = f"{code}/{name}/{attempt}"
        self._counter = 0

    def below(self, size: int) -> int:
        """A whole number from 0 to below a size, each as likely as any other.

        Args:
            size: From 1 to `MOST`.
        """
        # What is left over at the end would make the first values likelier.
        whole = 2**BITS - 2**BITS % size
        while True:
            text = f"{self._start}/{self._counter}"
            self._counter += 1
            number = int.from_bytes(hashlib.sha256(text.encode()).digest(), "big")
            if number < whole:
                return number % size

    def sample(self, size: int, take: int) -> list[int]:
        """Some of the numbers from 0 to below a size, none twice, in an order that is drawn, too.

        Args:
            size: How many there are.
            take: How many are wanted.
        """
        left = list(range(size))
        return [left.pop(self.below(len(left))) for _ in range(take)]


def shuffled(ids: tuple[str, ...], question: str, exercise: str, code: str) -> tuple[str, ...]:
    """The options of a question in the order in which one student sees them; each order is as likely.

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
