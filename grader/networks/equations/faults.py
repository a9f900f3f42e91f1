"""What is wrong with a network, and where in its table."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


class NetworkError(ValueError):
    """A network that makes no sense: an author's mistake, or mutants that do not go together.

    Args:
        message: What was found and what was wanted, in one sentence.
        key: Of the network's table, such as "equations[1]"; empty where it is the whole.
    """

    def __init__(self, message: str, key: str = "") -> None:
        super().__init__(message, key)
        self.message = message
        self.key = key

    def __str__(self) -> str:
        return self.message


class EquationError(NetworkError):
    """A text that is no equation of the language.

    Args:
        message: What was found and what was wanted.
        text: The text, or its beginning where it is long.
        column: Where in it, counted from 0.
        key: Of the network's table.
    """

    def __init__(self, message: str, text: str, column: int, key: str = "") -> None:
        super().__init__(message, key)
        self.args = (message, text, column, key)
        self.text = text
        self.column = column

    def __str__(self) -> str:
        return f"{self.message}\n    {self.text}\n    {' ' * self.column}^"


@contextmanager
def at_key(key: str) -> Iterator[None]:
    """Add to an error which key of the network's table it is in, unless it says so already."""
    try:
        yield
    except NetworkError as error:
        error.key = error.key or key
        raise
