"""The networks that come along, one file each: what an author names as "library/gru"."""

from __future__ import annotations

import functools
import tomllib
from pathlib import Path

import msgspec

import grader
from grader.networks.equations.declaration import NetworkTable

PREFIX = "library/"


class LibraryNetwork(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One file of this folder.

    Args:
        title: What it is called.
        source: Where its equations come from.
        drawing: What is connected with what, as text.
        network: Its equations.
    """

    title: str
    source: str
    drawing: str
    network: NetworkTable


def library_names() -> tuple[str, ...]:
    """Names of all networks that come along, such as "library/gru", sorted."""
    return tuple(sorted(f"{PREFIX}{file.stem}" for file in _folder().glob("*.toml")))


@functools.cache
def library_network(name: str) -> LibraryNetwork:
    """A network that comes along.

    Args:
        name: One of `library_names()`.

    Raises:
        KeyError: If there is no such network.
    """
    if name not in library_names():
        raise KeyError(name)
    text = (_folder() / f"{name.removeprefix(PREFIX)}.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), LibraryNetwork)


def _folder() -> Path:
    # By place: a folder of that name on the path must not stand for ours.
    return Path(grader.OWN_FOLDER, "grader", "networks", "library")
