"""A network that comes along, as text for those who write exercises."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from grader.networks.equations.declaration import network_of
from grader.networks.equations.network import Network, parameter_count
from grader.networks.equations.printing import written
from grader.networks.equations.sizes import Shape, show_shape
from grader.networks.library import LibraryNetwork

WIDTH = 100


def shown(name: str, library: LibraryNetwork) -> str:
    """Its equations, shapes, number of parameters, source and drawing.

    Args:
        name: As an author writes it, "library/gru".
        library: The network.
    """
    network = network_of(library.network)
    source = textwrap.wrap(f"Source: {library.source}", WIDTH)
    blocks = (
        [f"{name}: {library.title}", *source],
        library.drawing.strip("\n").splitlines(),
        [equation.text for equation in network.equations],
        list(_starts(network)),
        list(_shapes(network)),
        [f"parameters: {parameter_count(network) or 'none'}"],
    )
    return "\n\n".join("\n".join(lines) for lines in blocks if lines) + "\n"


def _starts(network: Network) -> Iterator[str]:
    for name, value in network.start.items():
        kind = ", a further argument" if name in network.start_arguments else ""
        yield f"{name} starts from {written(value, style='python')}{kind}"


def _shapes(network: Network) -> Iterator[str]:
    roles = (
        ("input", network.inputs),
        ("parameter", network.parameters),
        ("variable", {name: network.shapes[name] for name in network.by_name}),
    )
    longest = max(len(name) for _, names in roles for name in names)
    for role, names in roles:
        for name, shape in names.items():
            called = ", ".join(_called(network, name))
            yield f"{name:{longest}}  {role:9}  {_shape_text(shape):18}  {called}".rstrip()


def _called(network: Network, name: str) -> Iterator[str]:
    if name in network.words:
        yield network.words[name]
    if name in network.output:
        yield "given as output"


def _shape_text(shape: Shape) -> str:
    return show_shape(shape).removeprefix("a vector of ").removeprefix("a ")
