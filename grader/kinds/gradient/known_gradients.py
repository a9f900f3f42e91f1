"""What the right way and every known mistake give on the instances of a question, and which of them came."""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from grader.kinds.gradient.gradient_table import GradientTable, flat
from grader.kinds.gradient.judge import LEAST, block_errors, is_right, relative_error
from grader.kinds.gradient.meanings import Counts, Factor, counts, of_all, of_one
from grader.kinds.gradient.one_by_one import Came, Cause, fewest, plain_causes, restricted
from grader.kinds.gradient.question import GradientParams, backward, trials
from grader.model.outcome import Diagnosis
from grader.networks.backward.gradients import Arrays, FloatArray
from grader.networks.mutants.backward.catalogue import (
    gradient_mutants,
    kept_names,
    message_with_legend,
    mutants_on_the_way_back,
    with_kept_names,
)
from grader.networks.mutants.backward.context import GradientMutant, context_of
from grader.networks.mutants.backward.evaluation import Evaluation

# Of mistakes that give some of the gradients on the first instance, so many are tried on the others.
MOST_TRIED = 24


class GradientMatch(NamedTuple):
    """A mistake that gives the gradients, and the factor that is wrong besides.

    Args:
        mistake: None if the factor is all.
        factor: What the gradients are multiplied by.
        meaning: What the factor means; empty for 1.
    """

    mistake: GradientMutant | None
    factor: float
    meaning: str


class KnownGradients:
    """What the right way and every known mistake give on the general instances of a question.

    Args:
        params: The question.
    """

    def __init__(self, params: GradientParams) -> None:
        self.params = params
        self.context = context_of(backward(params))
        network = self.context.network
        self.has_kept_names = bool(network.mistakes or kept_names(network))
        self.on_the_way_back = mutants_on_the_way_back(self.context)
        self.trials = [trial for trial in trials(params) if trial.is_general]
        self.evaluations = [Evaluation(self.context, trial.instance) for trial in self.trials]
        self.made: dict[tuple[str, int], Arrays | None] = {}

    def gradients(self, mutant: GradientMutant, index: int) -> Arrays | None:
        """What a mistake gives on one of the instances; None where it cannot be computed."""
        key = (mutant.id, index)
        if key not in self.made:
            self.made[key] = self._asked(self.evaluations[index].gradients(mutant.effect))
        return self.made[key]

    @functools.cached_property
    def mutants(self) -> tuple[GradientMutant, ...]:
        """All mistakes, those with names of their own first."""
        return with_kept_names(gradient_mutants(self.context, self.on_the_way_back), self.context.network)

    @functools.cached_property
    def tables(self) -> tuple[GradientTable, ...]:
        """What all mistakes give on the first instance: those on the way back, then the others, made late."""
        if self.has_kept_names:
            return (self._table(self.mutants),)
        return self._table_on_the_way_back, self._table(self.mutants[len(self.on_the_way_back) :])

    @functools.cached_property
    def _table_on_the_way_back(self) -> GradientTable:
        return self._table(self.on_the_way_back)

    def _table(self, mutants: Sequence[GradientMutant]) -> GradientTable:
        return GradientTable(mutants, self.evaluations[0], self.params.names)

    def _in_turn(self) -> Iterator[GradientTable]:
        """All mistakes in order; those of the forward pass only if they are needed."""
        if not self.has_kept_names:
            yield self._table_on_the_way_back
        yield self.tables[-1]

    def _asked(self, found: Arrays | None) -> Arrays | None:
        return None if found is None else {name: found[name] for name in self.params.names}

    def right(self, index: int) -> Arrays:
        """The right gradients."""
        return self.trials[index].right

    def explain(self, got: Sequence[Arrays]) -> tuple[GradientMatch, ...]:
        """The known mistakes that give these gradients on all general instances, up to one factor.

        Of those that are alike in every number the one is told that has a name of its own, or comes first.

        Args:
            got: One result for each general instance, the long one last.
        """
        factor = self._fit_all(got, [self.right(index) for index in range(len(got))])
        if factor is not None:
            return (GradientMatch(None, *factor),)
        matches = (
            match
            for table in self._in_turn()
            for mutant in self._near(got[0], table)
            if (match := self._match(mutant, got)) is not None
        )
        if not self.has_kept_names:
            return tuple(itertools.islice(matches, 1))
        found = list(matches)
        kept = [one for one in found if one.mistake is not None and one.mistake.has_kept_name]
        return tuple(kept or found[:1])

    def _near(self, got: Arrays, table: GradientTable) -> list[GradientMutant]:
        """Which few of some mistakes give what came on the first instance, up to one factor each."""
        tolerance = 2 * self.trials[0].tolerance
        chosen = table.possible(got, self.right(0), tolerance, LEAST)
        made, came = table.rows(chosen), flat(got)
        with np.errstate(all="ignore"):
            scaled = made * ((made @ came) / (made * made).sum(axis=1))[:, None]
            errors, largest = np.abs(came - scaled), np.abs(scaled)
            least = LEAST * np.maximum(1.0, largest.max(axis=1))
            starts = np.cumsum([0, *(array.size for array in got.values())])[:-1]
            worst, sizes = (np.maximum.reduceat(array, starts, axis=1) for array in (errors, largest))
            near = worst <= tolerance * np.maximum(sizes, least[:, None])
        return [table.mutants[chosen[k]] for k in np.flatnonzero(near.all(axis=1))]

    def _match(self, mutant: GradientMutant, got: Sequence[Arrays]) -> GradientMatch | None:
        made = (self.gradients(mutant, index) for index in range(len(got)))
        fit = self._fit_all(got, made)
        return None if fit is None else GradientMatch(mutant, *fit)

    def _fit_all(self, got: Sequence[Arrays], made: Iterable[Arrays | None]) -> tuple[float, str] | None:
        """The factor of the first instance and what it means on all of them; None where it is not one."""
        first: tuple[float, str | None] | None = None
        is_meant, is_one = True, True
        for index, (one, other) in enumerate(zip(got, made, strict=True)):
            fit = None if other is None else self._fit(one, other, index)
            if fit is None:
                return None
            first = first or fit
            is_meant = is_meant and fit[1] is not None and fit[1] == first[1]
            is_one = is_one and abs(fit[0] / first[0] - 1) <= self.trials[index].tolerance
            if not (is_meant or is_one):
                return None
        # One number may happen to be the factor of some slip at the sizes of one instance.
        if first is None:
            return None
        meaning = first[1] if is_meant else None
        meaning = f"they are {first[0]:.2g} times as large as asked" if meaning is None else meaning
        return first[0], meaning

    def _fit(self, got: Arrays, made: Arrays, index: int) -> tuple[float, str | None] | None:
        """The factor k for which all gradients are k times those made, and what it means if it is known."""
        tolerance = self.trials[index].tolerance
        factor = _factor(flat(got), flat(made))
        if factor is None:
            return None
        scaled = {name: factor * array for name, array in made.items()}
        if not is_right(block_errors(got, scaled).values(), tolerance):
            return None
        return factor, _meaning(factor, of_all(self.counts(index)), tolerance)

    def counts(self, index: int) -> Counts:
        """What the loss runs over on an instance."""
        return counts(self.context.network, self.context.loss, self.trials[index].sizes)

    def one_by_one(self, got: Sequence[Arrays]) -> tuple[Diagnosis, ...]:
        """What explains each wrong gradient by itself, where the others are right or explained otherwise.

        Args:
            got: One result for each general instance, the long one last.
        """

        def is_it(name: str, index: int, made: FloatArray) -> bool:
            return relative_error(got[index][name], made) <= self.trials[index].tolerance

        def factor(name: str) -> str | None:
            meanings = {
                self._meaning_of_one(one[name], self.right(index)[name], index)
                for index, one in enumerate(got)
            }
            return meanings.pop() if len(meanings) == 1 else None

        right = [self.right(index) for index in range(len(got))]
        errors = [block_errors(*pair) for pair in zip(got, right, strict=True)]
        wrong = tuple(
            name
            for name in self.params.names
            if not all(
                is_right([one[name]], trial.tolerance)
                for one, trial in zip(errors, self.trials, strict=False)
            )
        )
        came = Came(got, right, wrong, is_it)
        causes = [*plain_causes(came, factor), *self._causes(came)]
        return tuple(one.diagnosis for one in fewest(came, causes))

    def _causes(self, came: Came) -> Iterator[Cause]:
        """Known mistakes made in some gradients: those that give most of the wrong ones."""
        if not all(np.isfinite(array).all() for one in came.got for array in one.values()):
            return
        names, is_wrong = self.params.names, [name in came.wrong for name in self.params.names]
        gives, keeps = (self._like(one) for one in (came.got[0], self.right(0)))
        some, is_whole = gives & is_wrong, np.asarray((gives | keeps).all(axis=1))
        order = np.lexsort((-some.sum(axis=1), ~is_whole))
        for k in order[some[order].any(axis=1)][:MOST_TRIED].tolist():
            mutant = self.mutants[k]
            found = [name for name in itertools.compress(names, some[k]) if self._gives(mutant, name, came)]
            diagnosis = Diagnosis(mutant.id, message_with_legend(mutant, self.context))
            if is_whole[k] and len(found) == some[k].sum():
                yield Cause(diagnosis, frozenset(found))
            elif found and not _tells_of(diagnosis, set(names) - set(found)):
                yield restricted(diagnosis, found)

    def _gives(self, mutant: GradientMutant, name: str, came: Came) -> bool:
        """Whether a mistake gives what came of one gradient on every instance."""
        made = (self.gradients(mutant, index) for index in range(len(came.got)))
        return all(one is not None and came.is_it(name, index, one[name]) for index, one in enumerate(made))

    def _like(self, gradients: Arrays) -> npt.NDArray[np.bool_]:
        """Which of these gradients each mistake gives on the first instance: (mistakes, gradients)."""
        made, given = np.concatenate([table.rows() for table in self.tables]), flat(gradients)
        starts = np.cumsum([0, *(array.size for array in gradients.values())])[:-1]
        with np.errstate(all="ignore"):
            errors, sizes = (
                np.maximum.reduceat(array, starts, axis=1) for array in (np.abs(given - made), np.abs(made))
            )
            return np.asarray(errors <= self.trials[0].tolerance * np.maximum(sizes, LEAST))

    def _meaning_of_one(self, got: FloatArray, right: FloatArray, index: int) -> str | None:
        """What the factor of one gradient means; empty for 1, None without a factor."""
        tolerance = self.trials[index].tolerance
        factor = _factor(got.ravel(), right.ravel())
        if factor is None or not relative_error(got, factor * right) <= tolerance:
            return None
        meaning = _meaning(factor, of_one(self.counts(index)), tolerance)
        return f"{factor:.2g} times as large as asked" if meaning is None else meaning


def _tells_of(diagnosis: Diagnosis, names: Collection[str]) -> bool:
    """Whether a message tells of gradients of these."""
    words = set(re.findall(r"\w+", diagnosis.message))
    return any(f"d{name}" in words for name in names)


def known_gradients(params: GradientParams) -> KnownGradients:
    """All known mistakes of a question, kept from answer to answer."""
    return _known_gradients(params, params.instance_seed)


@functools.lru_cache(maxsize=16)
def _known_gradients(params: GradientParams, seed: int) -> KnownGradients:
    return KnownGradients(params)


def _factor(got: FloatArray, made: FloatArray) -> float | None:
    with np.errstate(all="ignore"):
        factor = float(got @ made / (made @ made))
    return factor if np.isfinite(factor) and abs(factor) >= 1e-6 else None


def _meaning(factor: float, known: Sequence[Factor], tolerance: float) -> str | None:
    """What a known factor means; empty for 1, None for a factor that is not known."""
    return next((meaning for value, meaning in known if abs(factor / value - 1) <= tolerance), None)
