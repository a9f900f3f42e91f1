"""A network as an exercise file declares it: the table `[network.NAME]`."""

from __future__ import annotations

import functools
from typing import Any

import msgspec
from msgspec.structs import replace

from grader.networks.equations.faults import NetworkError
from grader.networks.equations.names import left_side, one_line
from grader.networks.equations.network import Network, network


class MistakeTable(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A `[[network.NAME.mistake]]` table: a mistake that no general one describes, or another name for one.

    Args:
        id: Stable, for scripts and statistics.
        equations: Those that it changes; the others stay.
        mutant: In their place the id of a general mistake, which gets this id and message.
        message: What it is, to the student; "{places}" in it stands for the asked decimal places.
    """

    id: str
    equations: tuple[str, ...] = ()
    mutant: str = ""
    message: str


class NetworkTable(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True, eq=False
):
    """A network as text. Two are equal if they say the same in the same order, which is a signature's.

    Args:
        inputs: Shape of each input: "number", "n_in" or "n_in x n_h"; a size may be a sum or a whole number.
        parameters: Shape of each parameter.
        equations: One for each variable, such as "h(t) = tanh(W @ h(t-1) + U @ x(t))".
        start: What a variable is before the first step; left out, 0. A name that is declared nowhere is a
            further argument.
        output: The variables that are the network's output; left out, that of the last equation.
        sizes: Shapes of variables that do not follow from the equations.
        words: What people call a variable.
        mistake: Mistakes that are the network's own.
    """

    inputs: dict[str, str] = {}
    parameters: dict[str, str] = {}
    equations: tuple[str, ...]
    start: dict[str, str | int | float] = {}
    output: str | tuple[str, ...] = ()
    sizes: dict[str, str] = {}
    words: dict[str, str] = {}
    mistake: tuple[MistakeTable, ...] = ()

    @property
    def text(self) -> bytes:
        """Everything that it says, in its order."""
        return msgspec.json.encode(self)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, NetworkTable) and self.text == other.text

    def __hash__(self) -> int:
        return hash(self.text)


def network_of(table: NetworkTable) -> Network:
    """The network that a table declares, checked; computed once for each table.

    Raises:
        NetworkError: For the first thing that is wrong, with the key of the table.
    """
    return _network_of(table.text)


def mistaken(table: NetworkTable, mistake: MistakeTable) -> NetworkTable:
    """The network in which a mistake was made, where it is written as equations.

    Args:
        table: The right network.
        mistake: One of its own.

    Raises:
        NetworkError: If one of its equations is none.
    """
    changed = {left_side(one_line(text)).name: text for text in mistake.equations}
    equations = (changed.get(left_side(one_line(text)).name, text) for text in table.equations)
    return msgspec.structs.replace(table, equations=tuple(equations), mistake=())


@functools.lru_cache(maxsize=256)
def _network_of(text: bytes) -> Network:
    table: dict[str, Any] = msgspec.json.decode(text)
    mistakes = msgspec.convert(table.pop("mistake", ()), tuple[MistakeTable, ...])
    for name, value in table.get("start", {}).items():
        # JSON has no infinity and no NaN.
        if value is None:
            raise NetworkError("a start is a finite number, a name or an expression", f"start.{name}")
        table["start"][name] = str(value)
    return replace(network(table), mistakes=mistakes)
