"""Wrong gradients explained one by one, where no one mistake gives all of them.

Some may be zero, transposed, those of other parameters or off by factors of their own; or a known mistake was
made in some of them alone.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from grader.model.outcome import Diagnosis
from grader.model.text import joined
from grader.networks.backward.gradients import Arrays, FloatArray

# More than so many at once is no explanation any more.
MOST_CAUSES = 4


class Cause(NamedTuple):
    """What explains some of the gradients.

    Args:
        diagnosis: Id and message.
        names: The wrong gradients that it explains, by their parameters.
        is_restricted: Whether it would have changed others, too.
    """

    diagnosis: Diagnosis
    names: frozenset[str]
    is_restricted: bool = False


class Came(NamedTuple):
    """What came, beside what is right.

    Args:
        got: On each instance.
        right: The same.
        wrong: The gradients that are wrong on some instance, in order.
        is_it: Whether what came of a gradient on an instance is this array.
    """

    got: Sequence[Arrays]
    right: Sequence[Arrays]
    wrong: tuple[str, ...]
    is_it: Callable[[str, int, FloatArray], bool]

    def fits(self, name: str, made: Callable[[Arrays], FloatArray]) -> bool:
        """Whether what came of a gradient is this of the right ones, on every instance."""
        return all(self.is_it(name, index, made(right)) for index, right in enumerate(self.right))


def fewest(came: Came, causes: Iterable[Cause]) -> tuple[Cause, ...]:
    """Causes that explain every wrong gradient, those of most first; none if they do not, or are too many.

    Those that would have changed other gradients, too, are taken where it does not go without. What is zero
    throughout is no work: it is not explained.
    """
    if not any(one.any() for each in came.got for one in each.values()):
        return ()
    known = list(causes)
    return _fewest(came, [one for one in known if not one.is_restricted]) or _fewest(came, known)


def _fewest(came: Came, known: Sequence[Cause]) -> tuple[Cause, ...]:
    left, found = set(came.wrong), list[Cause]()
    while left and len(found) < MOST_CAUSES:
        best = max(known, key=lambda one: len(one.names & left), default=None)
        if best is None or not best.names & left:
            return ()
        found.append(best)
        left -= best.names
    return () if left else tuple(found)


def plain_causes(came: Came, factor: Callable[[str], str | None]) -> Iterator[Cause]:
    """Several that are zero, or transposed; those of other parameters; factors.

    Args:
        came: What came.
        factor: What the factor of one gradient means, "of the wrong sign"; None where there is none.
    """
    zero = [name for name in came.wrong if not any(one[name].any() for one in came.got)]
    transposed = [name for name in came.wrong if _is_transposed(came, name)]
    # One alone has a name among the known mistakes.
    for id, names, words in (("zero", zero, "zero"), ("transposed", transposed, "transposed")):
        if len(names) > 1:
            text = f"{joined(f'd{name}' for name in names)} are {words}."
            yield _cause(f"{'-'.join(f'd{name}' for name in names)}-{id}", text, names)
    others = {name: other for name in came.wrong if (other := _another(came, name))}
    if others:
        yield _cause("another-gradient", _exchange_text(others), others)
    scaled = {name: meaning for name in came.wrong if name not in zero and (meaning := factor(name))}
    if scaled:
        text = "; ".join(f"that of {name} is {meaning}" for name, meaning in scaled.items())
        yield _cause("one-gradient-scaled", f"{_right_but(came, scaled)}: {text}.", scaled)


def restricted(diagnosis: Diagnosis, names: Sequence[str]) -> Cause:
    """A known mistake that was made in some gradients alone."""
    gradients = [f"d{name}" for name in names]
    told = replace(
        diagnosis,
        id=f"{diagnosis.id}-in-{'-'.join(gradients)}",
        message=f"In {joined(gradients)} alone: {diagnosis.message}",
    )
    return Cause(told, frozenset(names), is_restricted=True)


def _cause(id: str, message: str, names: Collection[str]) -> Cause:
    return Cause(Diagnosis(id, message), frozenset(names))


def _exchange_text(others: Mapping[str, str]) -> str:
    """Which gradients stand in the place of which."""
    pairs = [(name, other) for name, other in others.items() if others.get(other) == name]
    parts = [f"d{name} and d{other} stand in each other's place" for name, other in pairs if name < other]
    parts += [
        f"in the place of d{name} stands d{other}"
        for name, other in others.items()
        if (name, other) not in pairs
    ]
    text = joined(parts)
    return f"{text[0].upper() if not pairs else text[0]}{text[1:]}."


def _right_but(came: Came, scaled: Collection[str]) -> str:
    if set(scaled) == set(came.wrong):
        return "The gradients are right but for a factor"
    return "Some gradients are right but for a factor"


def _is_transposed(came: Came, name: str) -> bool:
    shape = came.right[0][name].shape
    return len(shape) == 2 and shape[0] == shape[1] and came.fits(name, lambda right: right[name].T)


def _another(came: Came, name: str) -> str | None:
    """The parameter whose right gradient stands in the place of another's."""
    for other in came.right[0]:
        are_alike = all(one[other].shape == one[name].shape for one in came.right)
        if other != name and are_alike and came.fits(name, lambda right: right[other]):  # noqa: B023
            return other
    return None
