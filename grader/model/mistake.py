"""The type of every known mistake, and which mistakes a question cannot tell apart."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Generic, NamedTuple, TypeVar

E_co = TypeVar("E_co", covariant=True)


@dataclass(frozen=True)
class Mistake(Generic[E_co]):
    """A mistake that people do make.

    Args:
        id: Stable; reports and exercise files name it.
        message: What is wrong, to the student: a sentence that fits wherever the mistake explains an answer.
        effect: What it computes, in the form that its kind of question applies: a function, a formula, or a
            change of a network.
        shown_by: An example that it explains; None where the tests make one.
        not_shown_by: An example close to it that it does not explain.
    """

    id: str
    message: str
    effect: E_co
    shown_by: Any = field(default=None, compare=False)
    not_shown_by: Any = field(default=None, compare=False)


class Identifiability(NamedTuple):
    """Which known mistakes the answers to a question cannot show or tell apart.

    Args:
        alike: For each id, of a mistake or of two together, the ids of others that may give the same answer.
        invisible: Ids of mistakes with which the answer is right all the same.
        better: A line for the question's file with numbers that tell more of them; empty where none is known.
    """

    alike: dict[str, tuple[str, ...]]
    invisible: tuple[str, ...]
    better: str = ""

    @property
    def groups(self) -> tuple[tuple[str, ...], ...]:
        """Ids of mistakes that cannot be told apart, each group once."""
        found = {tuple(sorted((one, *others))) for one, others in self.alike.items() if others}
        return tuple(sorted(found))

    @property
    def n_untold(self) -> int:
        """How many mistakes lead to the same answer as another mistake, or to the right answer."""
        return sum(bool(others) for others in self.alike.values()) + len(self.invisible)
