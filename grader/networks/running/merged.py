"""Many variants of a network in one run.

Each equation's different right sides are computed once a step, on the rows of the variants that have them:
most variants differ from the network in one equation, and many of these in a constant. Variants whose
variables are computed in another order run together with others of that order.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from grader.networks.equations.network import Network
from grader.networks.equations.tree import At, Node, Parameter, Read, Signal
from grader.networks.running.compiled import Axes, Values
from grader.networks.running.functions import Array, multiples, picked, shifted
from grader.networks.running.merged_given import IN_FULL, MergedGiven, Path
from grader.networks.running.schedule import Phase, Schedule
from grader.networks.running.slots import Slotted, constant_value, slotted

Rows: TypeAlias = Any  # a slice, or the indices of variants


class MergedRun(NamedTuple):
    """What variants give.

    Args:
        values: For each variable of the network (K, P, T, n), by variant and path; T is 1 for a value without
            steps, n for a number. (K, n, 1, m) for a matrix. NaN where a variant does not run.
        runs: Which of the K give a number in every output, by every path.
    """

    values: dict[str, Array]
    runs: npt.NDArray[np.bool_]


def run_merged(
    network: Network,
    variants: Sequence[Network],
    inputs: Values,
    parameters: Values,
    paths: Sequence[Path] = (IN_FULL,),
) -> MergedRun:
    """All variants, by every path.

    What a variant's `output` names is given under the name that stands in its place in the network's.

    Args:
        network: The right network.
        variants: K networks made of it, with the order of their equations; some right sides may be shared.
        inputs: (T, n) by name; where all is computed in full (T, N, n), with N for P.
        parameters: By name, those too that only variants have.
        paths: P ways to round on the way; a matrix is kept in full.

    Raises:
        ValueError: If the sizes do not fit.
    """
    given = MergedGiven.of(network, inputs, parameters, paths)
    K = len(variants)
    values = {
        one.name: np.full(
            (1 if one.is_static else given.n_steps, K, *given.axes(one.name, network.shapes)), np.nan
        )
        for one in network.equations
    }
    left = list(range(K))
    with np.errstate(all="ignore"):
        while left:
            schedule = Schedule(variants[left[0]])
            fitting = [k for k in left if schedule.admits(variants[k])]
            _Run(given, schedule, [variants[k] for k in fitting]).fill(values, fitting)
            left = sorted({*left} - {*fitting})
    turned = {name: value.transpose(1, 2, 0, 3) for name, value in values.items()}
    runs = np.ones(K, dtype=bool)
    for name in network.output:
        runs &= np.isfinite(turned[name]).all(axis=(1, 2, 3))
    return MergedRun(turned, runs)


class _Job(NamedTuple):
    """One right side on the rows of the variants that have it.

    Args:
        rows: Where its values go; others' are computed too where that is quicker, and overwritten.
        members: The variants that have it.
        function: Of what is read, and of the constants.
        reads: From a step to what is read at it.
        constants: One for all, or one for each row.
    """

    rows: Rows
    members: list[int]
    function: Callable[..., Array]
    reads: tuple[Callable[[int], Array], ...]
    constants: tuple[Array, ...]

    def at(self, t: int) -> Array:
        """Its values at a step, counted from 0; (rows, P, n)."""
        return self.function(*(read(t) for read in self.reads), *self.constants)


class _Run:
    """Variants that are computed in one order.

    Args:
        given: What they share.
        schedule: The order.
        variants: Those that it admits.
    """

    def __init__(self, given: MergedGiven, schedule: Schedule, variants: Sequence[Network]) -> None:
        self.given, self.schedule, self.variants = given, schedule, variants
        self.history: dict[str, Array] = {}
        self.starts: dict[str, Array] = {}
        self.failed: set[int] = set()
        self._slotted: dict[int, Slotted] = {}
        self._constants: dict[Node, Array | None] = {}
        self._right_sides: dict[str, dict[int, Node]] = {}
        for k, variant in enumerate(variants):
            for one in variant.equations:
                self._right_sides.setdefault(one.name, {})[k] = one.right_side

    def fill(self, values: dict[str, Array], places: Sequence[int]) -> None:
        """Run, and put what comes out where the variants stand.

        Args:
            values: (T, all variants, P, n) of each variable.
            places: Where these variants stand among all.
        """
        for phase in self.schedule.phases:
            self._run_phase(phase)
        for name, whole in values.items():
            whole[:, places] = self.history[name]
        for k, variant in enumerate(self.variants):
            for right, own in zip(self.given.network.output, variant.output, strict=True):
                if own != right:
                    values[right][:, places[k]] = self.history[own][:, k]
        for whole in values.values():
            whole[:, [places[k] for k in self.failed]] = np.nan

    def _run_phase(self, phase: Phase) -> None:
        is_static = phase.direction == "static"
        # Variants that are not admitted may have brought names of their own.
        names = [name for name in phase.names if name in self._right_sides]
        steps = range(1 if is_static else self.given.n_steps)
        for name in names:
            some = self.variants[next(iter(self._right_sides[name]))]
            axes = (len(self.variants), *self.given.axes(name, some.shapes))
            self.history[name] = np.full((len(steps), *axes), np.nan)
            self.starts[name] = self._start(name, axes)
        jobs = {name: self._jobs(self._right_sides[name], is_static) for name in names}
        for t in reversed(steps) if phase.direction == "backward" else steps:
            for name in names:
                now = self.history[name][t]
                for job in jobs[name]:
                    self._compute(job, t, now)
                if name in self.given.rounded:
                    columns, scales = self.given.rounded[name]
                    now[:, columns] = multiples(now[:, columns], scales)

    def _compute(self, job: _Job, t: int, now: Array) -> None:
        """A job at a step; mistakes made together may ask for sizes that do not fit, and give no numbers."""
        try:
            now[job.rows] = job.at(t)
        except (ValueError, IndexError):
            self.failed.update(job.members)

    def _start(self, name: str, axes: Axes) -> Array:
        """(K, P, n) before the first step."""
        start = np.zeros(axes)
        own = {k: one.start[name] for k, one in enumerate(self.variants) if name in one.start}
        for job in self._jobs(own, is_static=True):
            self._compute(job, 0, start)
        return start

    def _jobs(self, right_sides: Mapping[int, Node], is_static: bool) -> list[_Job]:
        """The jobs that compute these right sides; one that computes all rows comes first."""
        alike: dict[int, list[int]] = {}
        for k, right_side in right_sides.items():
            alike.setdefault(id(right_side), []).append(k)
        groups: dict[tuple[Any, ...], list[tuple[int, Slotted]]] = {}
        for rows in alike.values():
            found = self._slots(right_sides[rows[0]], self.variants[rows[0]])
            constants = [self._constant(node, self.variants[rows[0]]) for node in found.constants]
            if any(value is None for value in constants):
                self.failed.update(rows)
                continue
            key = (found.text, found.reads, *map(np.shape, constants))  # type: ignore[arg-type]
            groups.setdefault(key, []).extend((k, found) for k in rows)
        most = max(map(len, groups.values()), default=0)
        jobs: list[_Job] = []
        for members in groups.values():
            is_for_all = len(members) == most and 2 * most > len(self.variants) == len(right_sides)
            job = self._job(members, is_static, is_for_all)
            jobs.insert(0 if is_for_all else len(jobs), job)
        return jobs

    def _job(self, members: Sequence[tuple[int, Slotted]], is_static: bool, is_for_all: bool) -> _Job:
        found = members[0][1]
        rows = [k for k, _ in members]
        own = dict(members)
        slots = [own.get(k, found) for k in (range(len(self.variants)) if is_for_all else rows)]
        chosen: Rows = slice(None) if is_for_all else np.array(rows)
        return _Job(
            chosen,
            rows,
            found.function,
            tuple(self._reader(read, chosen, is_static) for read in found.reads),
            tuple(
                self._by_row([one.constants[slot] for one in slots], found.ranks[slot])
                for slot in range(len(found.constants))
            ),
        )

    def _slots(self, right_side: Node, variant: Network) -> Slotted:
        if id(right_side) not in self._slotted:
            self._slotted[id(right_side)] = slotted(right_side, variant)
        return self._slotted[id(right_side)]

    def _constant(self, node: Node, variant: Network) -> Array | None:
        """The value of a part without signals; None where it has none."""
        if node not in self._constants:
            try:
                self._constants[node] = constant_value(node, self.given.parameters, variant.shapes)
            except (ValueError, IndexError, KeyError):
                self._constants[node] = None
        return self._constants[node]

    def _by_row(self, nodes: Sequence[Node], rank: int) -> Array:
        """The values of a part in each row; one for all where it is the same."""
        values = [np.asarray(self._constants[node]) for node in nodes]
        if all(value is values[0] for value in values):
            return values[0]
        # Not `np.stack`, which takes three times as long for a few small ones.
        together = np.array(values)
        if rank < 2 and together.ndim < 3:
            return together.reshape(len(values), 1, -1)
        return together

    def _reader(self, read: Read, rows: Rows, is_static: bool) -> Callable[[int], Array]:
        """From a step to what is read at it, in these rows."""
        if isinstance(read, At):
            step = -1 if read.when == "T" else int(read.when) - 1
            if read.name in self.given.inputs:
                return lambda t: self.given.inputs[read.name][step]
            return lambda t: self.history[read.name][step][rows]
        if isinstance(read, Parameter):
            return lambda t: self.history[read.name][0][rows]
        if read.name in self.given.inputs:
            whole = _at_all_steps(read, self.given.inputs[read.name], np.zeros(()))
            return (lambda t: whole) if is_static else whole.__getitem__
        if is_static or read.pick or read.edge:
            return self._reader_of_all_steps(read, rows, is_static)
        history, starts, lag, n_steps = (
            self.history[read.name],
            self.starts[read.name],
            read.lag,
            self.given.n_steps,
        )
        if lag == 0:
            return lambda t: history[t][rows]
        return lambda t: (history[t - lag] if 0 <= t - lag < n_steps else starts)[rows]

    def _reader_of_all_steps(self, read: Signal, rows: Rows, is_static: bool) -> Callable[[int], Array]:
        @functools.cache
        def whole() -> Array:
            return _at_all_steps(read, self.history[read.name][:, rows], self.starts[read.name][rows])

        return lambda t: whole() if is_static else whole()[t]


def _at_all_steps(read: Signal, values: Array, start: Array) -> Array:
    chosen = picked(values, read.pick) if read.pick else values
    return shifted(chosen, read.lag, start, read.edge)
