"""Where the weights of a linear network stand: read off its equations, whatever they are called."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from typing import Literal, TypeAlias

import msgspec

from grader.networks.equations.declaration import NetworkTable, network_of
from grader.networks.equations.network import Network
from grader.networks.equations.sizes import Shape, Size, bind
from grader.networks.equations.tree import Parameter
from grader.networks.library import library_network
from grader.networks.running.linear import Coefficients, Rows, coefficients
from grader.networks.running.linear_forms import ONE

Structure: TypeAlias = Literal["rnn-a", "rnn-b"] | NetworkTable
"""RNN-A and RNN-B by their names, or the equations of any linear network."""

START = "s0"
# Sizes on which an arrangement is looked at: all different, so that none is taken for another.
STATES, INPUTS, OUTPUTS = 5, 3, 2


class Arrangement(msgspec.Struct, frozen=True):
    """What is known of a linear network without its weights.

    Args:
        network: Its equations.
        weights: Its parameters, s0 first, also where it is no part of the network.
        shapes: Of each parameter.
        has_start: Whether s0 is a parameter; else the state starts from 0.
        into_state: The matrix whose rows are the state's.
        from_input: The parameter that takes the input into the state.
        state: The named size of the state.
        has_direct_path: Whether the output sees the current input beside the state.
        has_biases: Whether something is added that neither state nor input is multiplied by: the system has a
            state more, the last, that is always 1.
        is_free: Whether A, B, C and, where there is a direct path, D can be any matrices.
    """

    network: Network
    weights: tuple[str, ...]
    shapes: Mapping[str, Shape]
    has_start: bool
    into_state: str
    from_input: str
    state: str
    has_direct_path: bool
    has_biases: bool
    is_free: bool

    @property
    def input_size(self) -> Size:
        """Size of the input."""
        ((_, (size,)),) = self.network.inputs.items()
        return size

    @property
    def output_size(self) -> Size:
        """Size of the output."""
        (name,) = self.network.output
        return self.network.shapes[name][0]

    def sizes(self, states: int, inputs: int, outputs: int) -> dict[str, int]:
        """What each named size is.

        Raises:
            ValueError: If the network fixes its input or output at another size.
        """
        return bind(
            {
                "the input": (self.input_size,),
                "the output": (self.output_size,),
                "the state": (Size.of({self.state: 1}),),
            },
            {"the input": (inputs,), "the output": (outputs,), "the state": (states,)},
        )


def structure_of(table: NetworkTable) -> Structure:
    """The name of a network that has one, else its table."""
    known: tuple[Literal["rnn-a", "rnn-b"], ...] = ("rnn-a", "rnn-b")
    return next((name for name in known if _table(name).text == table.text), table)


@functools.lru_cache(maxsize=64)
def arrangement(structure: Structure) -> Arrangement:
    """Where the weights of a network stand.

    Raises:
        ValueError: If no question about weights of a linear network can be asked of it; says why.
    """
    network = network_of(_table(structure))
    _require_start(network)
    state = _state_size(network)
    values = {state: STATES}
    for size, length in ((_only_input(network), INPUTS), (_only_output(network), OUTPUTS)):
        values |= dict.fromkeys(size.names, length)
    found = coefficients(network, values)
    has_biases = bool(found.s0[0].polynomials[-1:] == (ONE,))
    if len(found.A) != STATES + has_biases:
        raise ValueError(
            f"network: its state is {len(found.A) - has_biases} numbers where {state} is {STATES}; a question"
            " about weights needs a network that remembers one vector"
        )
    has_direct_path = any(entry for row in found.D for entry in row.polynomials)
    into_state = [
        name for name, shape in network.weights.items() if len(shape) == 2 and shape[0] == Size.of({state: 1})
    ]
    if not into_state:
        raise ValueError(f"network: none of its parameters is a matrix with {state} rows")
    return Arrangement(
        network=network,
        weights=(START, *(name for name in network.parameters if name != START)),
        shapes={START: (Size.of({state: 1}),), **network.parameters},
        has_start=START in network.parameters,
        into_state=into_state[0],
        from_input=_first_name(found.B) or into_state[0],
        state=state,
        has_direct_path=has_direct_path,
        has_biases=has_biases,
        is_free=_is_free(found, has_direct_path),
    )


@functools.lru_cache(maxsize=256)
def plan(structure: Structure, states: int, inputs: int, outputs: int) -> Coefficients:
    """The system of a network of these sizes, in the entries of its weights.

    Args:
        structure: The network.
        states: Size of its state.
        inputs: Size of its input.
        outputs: Size of its output.
    """
    found = arrangement(structure)
    return coefficients(found.network, found.sizes(states, inputs, outputs))


def sizes_of(structure: Structure, rows: Mapping[str, Sequence[Sequence[object]]]) -> tuple[int, int, int]:
    """How many states, inputs and outputs a network with these weights has.

    Args:
        structure: The network.
        rows: Of each parameter; a vector is one row.
    """
    found = arrangement(structure)
    lengths = {
        name: (len(one), len(one[0]) if one else 0)[2 - len(found.shapes[name]) :]
        for name, one in rows.items()
    }
    values = bind(found.shapes, lengths)
    return values[found.state], found.input_size.at(values), found.output_size.at(values)


def weight_names(structure: Structure) -> tuple[str, ...]:
    """The parameters of a network, s0 first."""
    return arrangement(structure).weights


def _table(structure: Structure) -> NetworkTable:
    return library_network(f"library/{structure}").network if isinstance(structure, str) else structure


def _require_start(network: Network) -> None:
    for name, start in network.start.items():
        if start not in (Parameter(START),) and network.shapes[name]:
            raise ValueError(f'network: {name} starts from something else than "{START}" or 0')


def _only_input(network: Network) -> Size:
    if len(network.inputs) != 1 or () in network.inputs.values():
        raise ValueError("network: a question about weights needs one input, which is a vector")
    ((_, (size,)),) = network.inputs.items()
    return size


def _only_output(network: Network) -> Size:
    if len(network.output) != 1 or not network.shapes[network.output[0]]:
        raise ValueError("network: a question about weights needs one output, which is a vector")
    return network.shapes[network.output[0]][0]


def _state_size(network: Network) -> str:
    named = {name for shape in network.shapes.values() for size in shape for name in size.names}
    outside = [_only_input(network), _only_output(network)]
    if any(len(size.form) > 1 for size in outside):
        raise ValueError("network: the sizes of input and output are a name or a number")
    left = named - {name for size in outside for name in size.names}
    if len(left) != 1:
        raise ValueError(
            "network: a question about weights needs named sizes for the state and, apart from it, for input"
            f" and output; left for the state is {', '.join(sorted(left)) or 'none'}"
        )
    return left.pop()


def _first_name(rows: Rows) -> str | None:
    terms = (places for row in rows for entry in row.polynomials for places in entry)
    return next((place[0] for places in terms for place in places), None)


def _is_free(found: Coefficients, has_direct_path: bool) -> bool:
    """Whether each entry is an entry of a weight by itself, and no two are the same."""
    rows = (*found.A, *found.B, *found.C, *(found.D if has_direct_path else ()))
    places = [place for row in rows for place in row.places or ()]
    return all(row.places is not None for row in rows) and len(places) == len(set(places))
