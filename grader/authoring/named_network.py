"""The network that an author names: one that comes along, or one of a file."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import NamedTuple

from grader.errors import SpecError
from grader.model.text import joined
from grader.networks.equations.declaration import NetworkTable
from grader.networks.library import PREFIX, library_names, library_network
from grader.specs.networks import read_networks_file


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
