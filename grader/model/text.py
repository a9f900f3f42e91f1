"""Small words that messages share: lists and counts."""

from __future__ import annotations

from collections.abc import Sequence


def joined(names: Sequence[str], last: str = " and ") -> str:
    """A list in a sentence: "a", "a and b", "a, b and c".

    Args:
        names: At least one.
        last: What stands before the final one.
    """
    return f"{', '.join(names[:-1])}{last}{names[-1]}" if len(names) > 1 else "".join(names)


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its word: "1 step", "3 steps".

    Args:
        number: How many.
        one: The word for one.
        many: The word for more; by default with an s.
    """
    return f"{number} {one}" if number == 1 else f"{number} {many or one + 's'}"
