"""A known mistake: the one type that every list of them is made of, and what a question can tell of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Generic, NamedTuple, TypeVar

E_co = TypeVar("E_co", covariant=True)


@dataclass(frozen=True)
class Mistake(Generic[E_co]):
    """One way to go wrong that people do go.

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
    """What a question can tell about so many mistakes at once.

    Args:
        alike: For each explanation's id, the ids of the others that some answer cannot be told from it.
        invisible: Ids of explanations that an answer which is right may come from.
    """

    alike: dict[str, tuple[str, ...]]
    invisible: tuple[str, ...]

    @property
    def groups(self) -> tuple[tuple[str, ...], ...]:
        """Ids that are named together, each group once."""
        found = {tuple(sorted((one, *others))) for one, others in self.alike.items() if others}
        return tuple(sorted(found))
