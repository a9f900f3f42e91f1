"""What Python's `site` adds to the built-in functions for people at a prompt; here `site` is not loaded."""

import sys

from .clock import BUILTINS, BUILTINS_AT_START


def nothing(*args: object, **kwargs: object) -> None:
    """Takes the place of `help` and its like: nobody reads what they would show."""


FOR_PEOPLE = {"exit": sys.exit, "quit": sys.exit} | dict.fromkeys(
    ("help", "copyright", "credits", "license"), nothing
)


def install() -> None:
    """Add them, once, in the zygote."""
    BUILTINS.update(FOR_PEOPLE)
    BUILTINS_AT_START.update(FOR_PEOPLE)
