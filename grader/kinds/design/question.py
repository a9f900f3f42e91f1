"""What is asked: weights that make a network do a task on all words over finitely many inputs."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import msgspec

from grader.kinds.design.alphabet import Letter, exact, read_alphabet
from grader.model.kind import Asks, Params
from grader.networks.automaton.entries import NoArithmetic
from grader.networks.automaton.machine import Machine
from grader.networks.automaton.target import Moves, NetworkTarget, Output, TableTarget, Target
from grader.networks.automaton.whole_numbers import Whole
from grader.networks.equations.declaration import NetworkTable, network_of
from grader.networks.equations.faults import NetworkError
from grader.networks.equations.network import Network
from grader.networks.equations.tree import Constant, Function, Parameter, Quotient, walk

# Larger ones are marked by nobody's patience; exact arithmetic stays quick.
MAX_UNITS = 64
EXACT = frozenset({"step", "sign", "relu", "abs", "max", "min", "mod", "stack", "part"})
SMOOTH = frozenset({"tanh", "sigmoid"})


class TableState(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One row of a Mealy table; the first row is where it starts.

    Args:
        state: Its name.
        next: For each letter of the alphabet, in its order, the state after it.
        output: For each letter what is wanted: a number, or a list where there are several outputs.
    """

    state: str
    next: tuple[str, ...]
    output: tuple[Any, ...]


class DesignParams(Params, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Parameters of `design`.

    Args:
        network: The network whose parameters are asked for.
        alphabet: For each input the values that it may take, as many for each: letter by letter.
        target: What it is to output: a network without parameters with the same inputs, or a Mealy table.
        threshold: Where an output is read: it is on at this value and above. Left out, its value counts;
            needed for sigmoid and tanh units.
        sizes: Sizes that are fixed; those that neither these nor the inputs and outputs fix are free.
        slip_credit: Share for weights that one recognised mistake keeps from being right.
    """

    network: NetworkTable
    alphabet: dict[str, tuple[Any, ...]]
    target: tuple[TableState, ...] | NetworkTable
    threshold: int | float | str | None = None
    sizes: dict[str, int] = msgspec.field(default_factory=dict)
    slip_credit: Fraction = Fraction(1, 2)

    def __post_init__(self) -> None:
        if not 0 <= self.slip_credit < 1:
            raise ValueError(f"slip_credit is {self.slip_credit}; it is a share from 0 to below 1")
        task_of(self)


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """A question made ready.

    Args:
        network: The network.
        letters: The values of all inputs, by letter.
        sizes: The sizes that are fixed.
        free: Names of the sizes that the answer chooses.
        target: What is wanted.
        outputs: For each output of the network its number of entries.
        threshold: Where outputs are read.
        is_smooth: Whether it has units that no exact arithmetic knows.
    """

    network: Network
    letters: tuple[Letter, ...]
    sizes: dict[str, int]
    free: tuple[str, ...]
    target: Target
    outputs: dict[str, int]
    threshold: Fraction | None
    is_smooth: bool


def asks(params: DesignParams) -> Asks:
    """The network's parameters, and the start where it is an argument."""
    return Asks(fields=tuple(network_of(params.network).parameters))


def task_of(params: DesignParams) -> Task:
    """The question made ready; computed once.

    Raises:
        ValueError: If it cannot be asked, with the key that is wrong.
    """
    return _task(msgspec.json.encode(params, enc_hook=str))


@functools.lru_cache(maxsize=64)
def _task(text: bytes) -> Task:
    written: dict[str, Any] = msgspec.json.decode(text)
    table = msgspec.convert(written["network"], NetworkTable)
    network = network_of(table)
    is_smooth = _require_units(network)
    threshold = None if written["threshold"] is None else exact(written["threshold"], "threshold")
    sizes = dict(written["sizes"])
    letters = read_alphabet(network, written["alphabet"], sizes)
    target, wanted = _target(written["target"], letters, written["alphabet"])
    outputs = _output_sizes(network, wanted, sizes)
    if is_smooth and threshold is None and not all(_is_step(network, name) for name in network.output):
        raise ValueError(
            "the network has sigmoid or tanh units: give the threshold at which its outputs are read"
        )
    names = {size for shape in network.parameters.values() for form in shape for size in form.names}
    for name, value in sizes.items():
        if not 1 <= value <= MAX_UNITS:
            raise ValueError(f"sizes: {name} is {value}; wanted 1 to {MAX_UNITS}")
    return Task(
        network=network,
        letters=letters,
        sizes=sizes,
        free=tuple(sorted(names - set(sizes))),
        target=target,
        outputs=outputs,
        threshold=threshold,
        is_smooth=is_smooth,
    )


def _require_units(network: Network) -> bool:
    """Whether the network has smooth units; refuses what cannot be decided at all."""
    if not network.parameters:
        raise ValueError("network: it has no parameters to be asked for")
    functions: set[str] = set()
    for equation in network.equations:
        if equation.is_static:
            raise ValueError(f"network: {equation.name} has one value for all steps; wanted one a step")
        for _, node in walk(equation.right_side):
            if isinstance(node, Function):
                functions.add(node.name)
            if isinstance(node, Quotient) and not isinstance(node.denominator, Constant | Parameter):
                raise ValueError(f"network: {equation.name} divides by what changes from step to step")
    if strange := functions - EXACT - SMOOTH:
        known = ", ".join(sorted(EXACT | SMOOTH))
        raise ValueError(f"network: {min(strange)} cannot be decided on; a design question takes {known}")
    if "mod" in functions and functions & SMOOTH:
        raise ValueError("network: mod does not go with sigmoid or tanh units")
    return bool(functions & SMOOTH)


def _is_step(network: Network, name: str) -> bool:
    side = network.by_name[name].right_side
    return isinstance(side, Function) and side.name == "step"


def _target(
    written: Any, letters: Sequence[Letter], alphabet: Mapping[str, Any]
) -> tuple[Target, Sequence[int]]:
    """What is wanted, and the number of entries of each output; of a table, of all together."""
    if isinstance(written, list):
        rows = _rows([msgspec.convert(row, TableState) for row in written], len(letters))
        return TableTarget(rows), [len(rows[0].outputs[0])]
    network = network_of(msgspec.convert(written, NetworkTable))
    if network.parameters:
        raise ValueError(f"target: it has the parameter {next(iter(network.parameters))}; wanted numbers")
    try:
        # Its inputs may have another form than the network's: a number for a vector of one.
        own: dict[str, int] = {}
        read = read_alphabet(network, alphabet, own)
        machine = Machine(network, {}, own, Whole)
        target = NetworkTarget(machine, [_whole(letter) for letter in read], network.output)
        widths = target.widths
    except (NetworkError, NoArithmetic, KeyError, ArithmeticError) as error:
        text = f"{error} has no exact value" if isinstance(error, NoArithmetic) else str(error)
        raise ValueError(f"target: {text}") from None
    return target, widths


def _whole(letter: Letter) -> dict[str, Whole]:
    return {name: Whole.of(value) for name, value in letter.items()}


def _rows(table: Sequence[TableState], letters: int) -> list[Moves]:
    numbers = {row.state: number for number, row in enumerate(table)}
    if len(numbers) < len(table) or not table:
        raise ValueError("target: wanted one row for each state, with names that differ")
    rows = []
    for row in table:
        where = f"target: state {row.state!r}"
        if len(row.next) != letters or len(row.output) != letters:
            raise ValueError(f"{where}: next and output have one entry for each of the {letters} letters")
        lost = [name for name in row.next if name not in numbers]
        if lost:
            raise ValueError(f"{where}: next has {lost[0]!r}, which is no state")
        outputs = tuple(_output(one, where) for one in row.output)
        rows.append(Moves(tuple(numbers[name] for name in row.next), outputs))
    if len({len(out) for row in rows for out in row.outputs}) != 1:
        raise ValueError("target: all outputs need the same number of entries")
    return rows


def _output(value: Any, where: str) -> Output:
    values = value if isinstance(value, list | tuple) else [value]
    return tuple(exact(one, f"{where}: output") for one in values)


def _output_sizes(network: Network, wanted: Sequence[int], sizes: dict[str, int]) -> dict[str, int]:
    """The number of entries of each output; fixes sizes that follow from it."""
    shapes = {name: network.shapes[name] for name in network.output}
    if len(wanted) != len(shapes):
        known = {name: _known(shape, sizes) for name, shape in shapes.items()}
        if len(wanted) != 1 or None in known.values():
            raise ValueError(f"target: {len(wanted)} outputs where the network has {len(shapes)}")
        wanted = [value for value in known.values() if value is not None]
    for (name, shape), width in zip(shapes.items(), wanted, strict=True):
        own = _known(shape, sizes)
        if own is None and len(shape[0].form) == 1 and shape[0].form[0][1] == 1:
            sizes[shape[0].form[0][0]] = own = width
        if own != width:
            raise ValueError(f"target: it has {width} outputs where {name} has {own or shape[0]}")
    return dict(zip(shapes, wanted, strict=True))


def _known(shape: Sequence[Any], sizes: Mapping[str, int]) -> int | None:
    if not shape:
        return 1
    return shape[0].at(sizes) if shape[0].names <= set(sizes) else None
