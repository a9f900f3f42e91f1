"""What every question about a linear network is given: its structure, its sizes and what it is to output."""

from __future__ import annotations

import functools
from typing import Literal

from grader.formula.signal_system import compile_linear
from grader.linear.arrangement import START, Structure, arrangement, structure_of
from grader.linear.reading import MAX_STATES, LinearSizes
from grader.model.kind import Params
from grader.networks.equations.declaration import NetworkTable
from reference.linear_system import LinearSystem
from reference.minimal_state import minimal_states
from reference.state_map import Meaning, meaning


class LinearParams(Params, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Parameters that the kinds about linear networks share.

    Args:
        structure: "rnn-a" (the output sees the state only) or "rnn-b" (it sees the input, too).
        network: In its place any linear network with one input, one output and a state that is one vector.
        inputs: Size of x_t.
        target: One linear signal for each output; where the network has biases numbers may be added.
        state_size: Size of the state; left out where it is the student's choice.
    """

    structure: Literal["rnn-a", "rnn-b"] | None = None
    network: NetworkTable | None = None
    inputs: int
    target: tuple[str, ...]
    state_size: int | None = None

    def __post_init__(self) -> None:
        if (self.structure is None) == (self.network is None):
            raise ValueError('give one of structure, "rnn-a" or "rnn-b", and network')
        if self.inputs < 1:
            raise ValueError(f"inputs is {self.inputs}; a network has at least 1 input")
        if self.state_size is not None and not 1 <= self.state_size <= MAX_STATES:
            raise ValueError(f"state_size is {self.state_size}; it must be from 1 to {MAX_STATES}")
        if not self.target:
            raise ValueError("target is empty; give one signal for each output")
        target_system(self)
        arrangement(self.form).sizes(self.state_size or 1, self.inputs, len(self.target))

    @property
    def form(self) -> Structure:
        """The network that is asked about: by its name where it has one."""
        if self.network is not None:
            return structure_of(self.network)
        assert self.structure is not None
        return self.structure

    @property
    def sizes(self) -> LinearSizes:
        """The sizes that an answer must have."""
        return LinearSizes(self.state_size, self.inputs, len(self.target))

    @property
    def weight_names(self) -> tuple[str, ...]:
        """The fields that hold weights, s0 first where it is one."""
        found = arrangement(self.form)
        return tuple(name for name in found.weights if name != START or found.has_start)

    @property
    def starts_at_zero(self) -> bool:
        """Whether s0 = 0 is fixed and not part of the answer."""
        return not arrangement(self.form).has_start

    @property
    def has_direct_path(self) -> bool:
        """Whether the output may see the current input beside the state."""
        return arrangement(self.form).has_direct_path


def target_system(params: LinearParams) -> LinearSystem:
    """An exact system that outputs what is asked for."""
    return _compiled(params.target, params.inputs, arrangement(params.form).has_biases)


def needed_states(params: LinearParams) -> int:
    """The least state size with which a network of the structure can do it: computed, never typed in."""
    # By the responses to inputs: constants that are added take no fewer states.
    return _needed(params.target, params.inputs, params.has_direct_path, arrangement(params.form).has_biases)


def state_meaning(params: LinearParams) -> Meaning | None:
    """The least network that does what is asked, its state made of outputs; None where it needs no state."""
    return _meaning(params.target, params.inputs, params.has_direct_path)


@functools.lru_cache(maxsize=256)
def _meaning(target: tuple[str, ...], inputs: int, has_direct_path: bool) -> Meaning | None:
    return meaning(_compiled(target, inputs), has_direct_path)


@functools.lru_cache(maxsize=256)
def _compiled(target: tuple[str, ...], inputs: int, has_biases: bool = False) -> LinearSystem:
    return compile_linear(target, inputs, has_biases)


@functools.lru_cache(maxsize=256)
def _needed(target: tuple[str, ...], inputs: int, has_direct_path: bool, has_biases: bool) -> int:
    return minimal_states(_compiled(target, inputs, has_biases), has_direct_path)
