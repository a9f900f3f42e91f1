"""The code of a variant, which only the course can tell, and the numbers that follow from it for ever."""

from __future__ import annotations

import functools
import hashlib
import hmac

from grader.answers.look_alikes import plain_text
from grader.model.text import composed

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no letter looks like a digit (https://www.crockford.com/base32.html)."""

LOOKS_LIKE = str.maketrans("OILU", "011V")
LETTERS, GROUP = 16, 4
MOST_CHARACTERS = 200
"""The most characters that are read as a code."""

PRIMITIVE = 0b100101
"""x^5 + x^2 + 1 over GF(2): the powers of x are all 31 non-zero elements of GF(32)."""

SAMPLE = "0000-0000-0000-0000"
"""The variant that is shown and marked where nobody's is asked for: practice."""


def code_of(student: str, exercise: str, secret: bytes) -> str:
    """The code of a student's variant: HMAC-SHA256 under the course's secret, 75 bits and a check letter.

    Without the secret nobody can tell a student's code, or whose a code is. With an empty one everybody can:
    that is for practice.

    Args:
        student: The student's id, accents written in one way or the other.
        exercise: The exercise's id.
        secret: The course's.
    """
    # As the gradebook keeps names that are no text; each with its length in front, so that no two pairs of
    # names are one text.
    names = [name.encode("utf-8", "backslashreplace") for name in (exercise, composed(student))]
    text = b"".join(b"%d:%s/" % (len(name), name) for name in names)
    digest = hmac.new(secret, b"variant/" + text, hashlib.sha256).digest()
    number = int.from_bytes(digest, "big")
    values = [number >> (5 * place) & 31 for place in range(LETTERS - 1)]
    return _printed([*values, _check(values)])


def is_slip_of(text: str, code: str) -> bool:
    """Whether a text that is no code is a code with one letter mistyped, or two exchanged.

    Args:
        text: As typed.
        code: A code.
    """
    typed, meant = _letters(text), _letters(code)
    if len(typed) != len(meant):
        return False
    wrong = [at for at in range(len(meant)) if typed[at] != meant[at]]
    is_exchanged = len(wrong) == 2 and [typed[at] for at in wrong] == [meant[at] for at in reversed(wrong)]
    return len(wrong) == 1 or is_exchanged


def read_code(text: str) -> str:
    """A code as it is printed, however it was typed: small letters, O for 0, without dashes.

    Args:
        text: As typed.

    Raises:
        ValueError: If it is no code, or one with a letter mistyped or two exchanged; says so.
    """
    letters = _letters(text)
    if len(letters) != LETTERS or any(one not in ALPHABET for one in letters):
        raise ValueError(f"is no variant code: one has {LETTERS} letters and digits, such as {SAMPLE}")
    values = [ALPHABET.index(one) for one in letters]
    if _check(values[:-1]) != values[-1]:
        raise ValueError("is no variant code: a letter or digit is mistyped, or two are exchanged")
    return _printed(values)


def _letters(text: str) -> str:
    plain = plain_text(text[:MOST_CHARACTERS]).upper()
    return "".join(one for one in plain if one not in "-_ .\t\r\n").translate(LOOKS_LIKE)


def _printed(values: list[int]) -> str:
    letters = "".join(ALPHABET[value] for value in values)
    return "-".join(letters[at : at + GROUP] for at in range(0, LETTERS, GROUP))


def _check(values: list[int]) -> int:
    """The check value: with it the polynomial of all values is zero at x.

    One wrong value or two exchanged ones change it, as no two of the powers x^0 to x^15 are the same.
    """
    return _times_x(functools.reduce(lambda found, value: _times_x(found) ^ value, values, 0))


def _times_x(value: int) -> int:
    doubled = value << 1
    return doubled ^ PRIMITIVE if doubled & 32 else doubled


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
