"""Which texts are like which: the share of three-word runs that two of them have in common. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

RUN = 3
"""Words in a run: single words are shared by all who answer the same question."""

LIKE = 0.4
"""Two texts that share this much are shown side by side: a hint for a marker, never a mark."""


class Likeness(NamedTuple):
    """Another text, by its place among those that were compared, and how like it is, 0 to 1."""

    place: int
    share: float


def runs_of(text: str) -> frozenset[tuple[str, ...]]:
    """The runs of three words in a text, case and signs left out; of a shorter text all its words."""
    words = re.findall(r"\w+", text.casefold())
    size = min(RUN, len(words))
    return (
        frozenset(tuple(words[at : at + size]) for at in range(len(words) - size + 1))
        if words
        else frozenset()
    )


def texts_like(text: str, others: Sequence[str]) -> list[Likeness]:
    """The texts that are like a text, the most alike first."""
    own = runs_of(text)
    found = []
    for place, other in enumerate(others):
        theirs = runs_of(other)
        share = len(own & theirs) / len(own | theirs) if own and theirs else 0.0
        if share >= LIKE:
            found.append(Likeness(place, share))
    return sorted(found, key=lambda one: (-one.share, one.place))
