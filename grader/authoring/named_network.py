"""The network that an author names, from the library or a file, and its description for authors."""

from __future__ import annotations

import difflib
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from grader.errors import SpecError
from grader.model.text import joined
from grader.networks.equations.declaration import NetworkTable, network_of
from grader.networks.equations.network import Network, parameter_count
from grader.networks.equations.printing import written
from grader.networks.equations.sizes import Shape, show_shape
from grader.networks.library import PREFIX, LibraryNetwork, library_names, library_network
from grader.specs.networks import read_networks_file

WIDTH = 100


class NamedNetwork(NamedTuple):
    """A network, with what it is called in a file: a Python name."""

    name: str
    table: NetworkTable
    source: str


def find_network(text: str) -> NamedNetwork:
    """The network of a name: "lstm", "library/lstm", "networks.toml#lstm".

    Raises:
        SpecError: If there is none; names the nearest.
    """
    path, mark, inner = text.partition("#")
    if mark:
        tables = read_networks_file(Path(path), path)
        if inner not in tables:
            raise SpecError(f"{path} has no network {inner!r}", f"it has {joined(tuple(tables))}")
        return NamedNetwork(_python_name(inner), tables[inner], "our own")
    name = PREFIX + text.removeprefix(PREFIX).lower().replace("_", "-")
    if name not in library_names():
        near = difflib.get_close_matches(name, library_names(), n=1)
        known = ", ".join(one.removeprefix(PREFIX) for one in library_names())
        hint = f"did you mean {near[0].removeprefix(PREFIX)!r}?" if near else f"there are {known}"
        raise SpecError(f"no network is called {text!r}", f"{hint}; of a file write networks.toml#name")
    found = library_network(name)
    return NamedNetwork(_python_name(name.removeprefix(PREFIX)), found.network, found.source)


def _python_name(name: str) -> str:
    plain = "".join(letter if letter.isalnum() else "_" for letter in name)
    return plain if plain.isidentifier() else f"network_{plain}"


def network_description(name: str, library: LibraryNetwork) -> str:
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
