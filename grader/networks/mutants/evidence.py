"""How much an answer must show before a mistake is named in it, or earns credit.

Three rules. What is asked for still depends on the inputs: a constant is no work. It is never itself rounded
by the mistake: its own digits are judged as such (`digits` in `own_numbers`). And so many entries are wrong
that an answer in which something else went wrong is seldom explained: simulated slips on the question's own
numbers tell how many.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
from msgspec.structs import replace

from grader.networks.equations.network import Equation, Network
from grader.networks.equations.tree import Function, Node, Parameter, Signal, Sum, reads_of
from grader.networks.running.compiled import Values, compiled
from grader.networks.running.functions import Array, rounded

# Above the error of floating point, far below half a unit of the last place; as in `grader.answers.rounding`.
MARGIN = 1e-9
# Of answers with a slip in which no known mistake was made, this share may be named.
MOST_FALSELY_NAMED = 0.05
SLIPS = 2000
# A slip changes one sum by at least so many units of the last place, since less is what rounding does; and
# at most by this, the size of the terms in an exercise.
LEAST_UNITS = 10
MOST_CHANGE = 2.0
SEED = 20
# Of every so many answers it is asked which entries tell most mistakes apart.
SAMPLED = 16


def depends_on_inputs(network: Network) -> bool:
    """Whether something that is asked for reads an input, or what is made of one.

    Args:
        network: Right or with mistakes; its output is what is asked for.
    """
    if not network.inputs:
        return True
    seen: set[str] = set()
    left = list(network.output)
    while left:
        name = left.pop()
        if name in network.inputs:
            return True
        if name not in seen:
            seen.add(name)
            equation, start = network.by_name.get(name), network.start.get(name)
            left += [read.name for read in equation.reads] if equation else ()
            left += [read.name for read in reads_of(start)] if start else ()
    return False


def may_be_guessed(asked: Sequence[Array], places: int, together: int = 1) -> bool:
    """Whether an answer can be written down without having worked anything out.

    One number throughout needs no input; of whole numbers alone, two mistakes together give nearly every row.

    Args:
        asked: (T, n) of each variable that is asked for.
        places: Decimal places asked for.
        together: How many mistakes are to explain it.
    """
    unit = 10.0**-places
    is_constant = all(
        len(values) > 1 and bool(np.all(np.ptp(values, axis=0) <= unit + MARGIN)) for values in asked
    )
    is_whole = all(bool(np.all(np.abs(values - np.rint(values)) <= 0.5 * unit)) for values in asked)
    return is_constant or (together > 1 and is_whole)


def wrong_entries(right: Array, values: Array, places: int) -> npt.NDArray[np.intp]:
    """How many entries of each answer are on no path a rounding of the right one.

    Args:
        right: (P, T, n).
        values: (..., T, n) answers; NaN is wrong.
        places: Decimal places asked for.
    """
    near = np.zeros(values.shape, dtype=bool)
    for path in right:
        near |= np.abs(values - path) <= 0.5 * 10.0**-places + MARGIN
    return np.asarray((~near).sum(axis=(-2, -1)))


def least_wrong_entries(
    network: Network,
    table: Mapping[str, Array],
    right: Mapping[str, Array],
    inputs: Values,
    parameters: Values,
    places: int,
) -> int:
    """The least number of wrong entries with which one mistake may be named; two need one more.

    It is the smallest with which at most `MOST_FALSELY_NAMED` of simulated answers with a slip are named by
    a mistake that was not made in them. The same question has the same number, always.

    Args:
        network: The right network; its output is what is asked for.
        table: (K, P, T, n) of each variable, from single mistakes.
        right: (P, T, n) of each variable.
        inputs: (T, n) by name.
        parameters: By name.
        places: Decimal places asked for.
    """
    answers = slips(network, inputs, parameters, places)
    wrong = sum(wrong_entries(right[name], answers[name], places) for name in network.output)
    is_wrong = np.flatnonzero(np.asarray(wrong) > 0)
    if not len(is_wrong):
        return 1
    named = _named(
        [_by_entry(table[name]) for name in network.output],
        [_by_entry(answers[name][is_wrong][:, None]) for name in network.output],
        places,
    )
    falsely = np.sort(np.asarray(wrong)[is_wrong][named])
    most = int(MOST_FALSELY_NAMED * len(is_wrong))
    return 1 if len(falsely) <= most else int(falsely[len(falsely) - most - 1]) + 1


def slips(
    network: Network, inputs: Values, parameters: Values, places: int, count: int = SLIPS, seed: int = SEED
) -> dict[str, Array]:
    """Answers in each of which one sum was worked out wrong, and all that follows from it right.

    Args:
        network: The right network.
        inputs: (T, n) by name.
        parameters: By name.
        places: Decimal places to which they are handed in.
        count: How many.
        seed: Of the random choice of sums and changes.

    Returns:
        (count, T, n) of every variable but matrices, rounded; T is 1 for a value without steps.
    """
    run = compiled(_with_slips(network))
    x = {name: np.asarray(value, dtype=np.float64)[:, None] for name, value in inputs.items()}
    right = compiled(network)(inputs, parameters)
    changes = _changes(network, right, places, count, np.random.default_rng(seed))
    own = _with_sums(network)
    steady = {_slip(name): changes[_slip(name)][0] for name, one in own.items() if one.is_static}
    moving = {_slip(name): changes[_slip(name)] for name, one in own.items() if not one.is_static}
    values = run(x | moving, {**parameters, **steady})
    return {
        name: rounded(values[name][None] if one.is_static else values[name], places).swapaxes(0, 1)
        for name, one in own.items()
    }


def _with_sums(network: Network) -> dict[str, Equation]:
    """The variables in whose sums people slip: all but a matrix, which is computed once."""
    return {name: one for name, one in network.by_name.items() if len(network.shapes[name]) < 2}


def _slip(name: str) -> str:
    return f"{name}_slip"


def _with_slips(network: Network) -> Network:
    """The network with something added to each sum: inputs, or parameters where there are no steps."""
    own = _with_sums(network)
    shapes = {_slip(name): network.shapes[name] for name in own}
    static = {_slip(name) for name, one in own.items() if one.is_static}
    return replace(
        network,
        inputs=network.inputs | {name: shape for name, shape in shapes.items() if name not in static},
        parameters=network.parameters | {name: shapes[name] for name in static},
        equations=tuple(
            replace(
                one, right_side=_slipping(one.right_side, Parameter(slip) if slip in static else Signal(slip))
            )
            if one.name in own
            else one
            for one in network.equations
            for slip in [_slip(one.name)]
        ),
        shapes=network.shapes | shapes,
    )


def _slipping(right_side: Node, slip: Node) -> Node:
    """A right side with something added to the sum in its activation, or to the whole."""
    if (
        isinstance(right_side, Function)
        and len(right_side.args) == 1
        and right_side.name not in ("part", "pad")
    ):
        return replace(right_side, args=(Sum(((1, right_side.args[0]), (1, slip))),))
    return Sum(((1, right_side), (1, slip)))


def _changes(
    network: Network, right: Mapping[str, Array], places: int, count: int, rng: np.random.Generator
) -> dict[str, Array]:
    """(T, count, n) for each variable: in each answer one entry of one of them is not 0."""
    names = list(_with_sums(network))
    shaped = {name: right[name][None] if network.by_name[name].is_static else right[name] for name in names}
    ends = np.cumsum([shaped[name].size for name in names])
    least = min(LEAST_UNITS * 10.0**-places, MOST_CHANGE)
    sizes = np.exp(rng.uniform(np.log(least), np.log(MOST_CHANGE), count)) * rng.choice([-1.0, 1.0], count)
    chosen = rng.integers(0, ends[-1], count)
    changes = {}
    for name, end in zip(names, ends, strict=True):
        n_steps, width = shaped[name].shape
        change = np.zeros((n_steps, count, width))
        entry = chosen - (end - n_steps * width)
        own = np.flatnonzero((entry >= 0) & (entry < n_steps * width))
        change[entry[own] // width, own, entry[own] % width] = sizes[own]
        changes[_slip(name)] = change
    return changes


def _by_entry(values: Array) -> Array:
    """(K, P, T, n) -> (T n, P, K)."""
    return values.reshape(*values.shape[:2], -1).transpose(2, 1, 0)


def _named(table: Sequence[Array], answers: Sequence[Array], places: int) -> npt.NDArray[np.bool_]:
    """Which answers some row of the table matches.

    Args:
        table: (entries, P, K) of each variable asked for.
        answers: (entries, 1, S) of each.
        places: Decimal places asked for.
    """
    half = 0.5 * 10.0**-places + MARGIN
    entries = [
        pair
        for known, given in zip(table, answers, strict=True)
        for pair in zip(known, given[:, 0], strict=True)
    ]
    # Most are told apart by the ends of their paths, and by few entries: these come first.
    ends = [(paths.min(axis=0) - half, paths.max(axis=0) + half, handed) for paths, handed in entries]
    ends.sort(key=_share_between)
    low, high, handed = ends[0]
    rows, columns = np.nonzero((low[:, None] <= handed) & (handed <= high[:, None]))
    for low, high, handed in ends[1:]:
        kept = (low[rows] <= handed[columns]) & (handed[columns] <= high[rows])
        rows, columns = rows[kept], columns[kept]
    for paths, handed in entries:
        kept = np.any(np.abs(paths[:, rows] - handed[columns]) <= half, axis=0)
        rows, columns = rows[kept], columns[kept]
    named = np.zeros(answers[0].shape[-1], dtype=bool)
    named[columns] = True
    return named


def _share_between(entry: tuple[Array, Array, Array]) -> float:
    """How many of some answers lie between the ends of one entry: (K,) low, (K,) high, (S,) answers."""
    low, high, handed = entry
    some = np.sort(handed[::SAMPLED])
    inside = np.searchsorted(some, high, side="right") - np.searchsorted(some, low)
    return float(inside.sum())
