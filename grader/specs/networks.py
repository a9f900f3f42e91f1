"""Networks that an exercise file declares or names, put in the place of their names."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, get_args, get_origin

import msgspec

from grader.errors import SpecError
from grader.model.text import joined
from grader.networks.equations.declaration import NetworkTable, mistaken, network_of
from grader.networks.equations.faults import NetworkError, at_key
from grader.networks.equations.network import Network, require_all_used
from grader.networks.library import PREFIX, library_names, library_network
from grader.specs.decoding import alternatives, decode, did_you_mean, fields_of, parse_toml, shown, spec_error
from grader.specs.pictures import PictureTable

IN_FILE = ".toml#"


class NetworksFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file of networks that several exercises share."""

    network: dict[str, NetworkTable]


class Networks(msgspec.Struct):
    """What the checks of an exercise file may name.

    Args:
        own: The file's own `[network.NAME]` tables.
        folder: Where files of networks are looked for; None where there is no such place.
        shared: Networks that were taken out of such files, by the name that was written.
        named: Names that a check has used.
    """

    own: Mapping[str, NetworkTable] = {}
    folder: Path | None = None
    shared: dict[str, NetworkTable] = {}
    named: set[str] = msgspec.field(default_factory=set)

    def find(self, name: str, file: str, key: str) -> NetworkTable:
        """The network of a name: of this file, "library/gru", or "networks.toml#gru" of a file beside it.

        Args:
            name: As a check has it.
            file: The exercise file, for errors.
            key: Of the check, for errors.

        Raises:
            SpecError: If there is none; offers the nearest.
        """
        self.named.add(name)
        if name in self.own:
            return self.own[name]
        if name in library_names():
            return library_network(name).network
        if IN_FILE in name:
            self.shared[name] = self._from_file(name, file, key)
            return self.shared[name]
        known = (*self.own, *library_names())
        hint = did_you_mean(name, known) or _nearest_in_library(name)
        raise spec_error(
            file, key, f"no network is called {name!r}", hint or _where_networks_come_from(self.own)
        )

    def unused(self) -> tuple[str, ...]:
        """The file's own networks that no check has named."""
        return tuple(name for name in self.own if name not in self.named)

    def _from_file(self, name: str, file: str, key: str) -> NetworkTable:
        where, _, wanted = name.rpartition("#")
        path = Path(where)
        if path.is_absolute() or ".." in path.parts or self.folder is None:
            hint = "name a file in the exercise's own folder"
            raise spec_error(file, key, f"{where} is not beside the exercise file", hint)
        tables = read_networks_file(self.folder / path, where)
        if wanted not in tables:
            hint = did_you_mean(wanted, tables) or f"it has {joined(tuple(tables))}"
            raise spec_error(file, key, f"{where} has no network {wanted!r}", hint)
        return tables[wanted]


def read_networks_file(path: Path, shown_as: str) -> dict[str, NetworkTable]:
    """The networks of a file that exercises share.

    Args:
        path: The file.
        shown_as: Its name in errors.

    Raises:
        SpecError: If it cannot be read, or a network in it is wrong.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SpecError(f"cannot be read: {error.strerror}", where=shown_as) from None
    tables = decode(
        parse_toml(data, shown_as), NetworksFile, shown_as, lambda key: key.removeprefix(".")
    ).network
    require_sound_networks(tables, shown_as)
    return tables


def require_sound_networks(tables: Mapping[str, NetworkTable], file: str) -> None:
    """Check every network of a file.

    Args:
        tables: By name.
        file: For errors.

    Raises:
        SpecError: For the first thing that is wrong, with its key and, in an equation, its place.
    """
    for name, table in tables.items():
        if name.startswith(PREFIX):
            raise spec_error(
                file, f"network.{name}", f"names with {PREFIX} are of the networks that come along"
            )
        _require_sound(table, file, f"network.{name}")


def with_networks(value: Any, annotation: Any, networks: Networks, file: str, key: str) -> Any:
    """A written value with the names of networks in it replaced by the networks.

    The type that the value will be decoded into shows where networks stand in it.

    Args:
        value: As the file has it.
        annotation: The type that is wanted.
        networks: What may be named.
        file: For errors.
        key: Of the value, for errors.
    """
    for wanted in alternatives(annotation):
        if wanted is NetworkTable:
            return _network(value, networks, file, key)
        if isinstance(value, dict) and fields_of(wanted):
            types = {one.encode_name: one.type for one in fields_of(wanted)}
            return {
                name: with_networks(inner, types.get(name, Any), networks, file, f"{key}.{name}")
                for name, inner in value.items()
            }
        if isinstance(value, dict) and get_origin(wanted) is dict:
            inner = get_args(wanted)[1]
            return {
                name: with_networks(one, inner, networks, file, f"{key}.{name}")
                for name, one in value.items()
            }
        if isinstance(value, list) and get_origin(wanted) in (tuple, list):
            inner = get_args(wanted)[0]
            return [
                with_networks(one, inner, networks, file, f"{key}[{number}]")
                for number, one in enumerate(value)
            ]
    return value


def with_tables(
    text: bytes, tables: Mapping[str, NetworkTable], pictures: Mapping[str, PictureTable] | None = None
) -> bytes:
    """An exercise file that is whole without the files of networks, and the pictures, that it names.

    Args:
        text: The file.
        tables: The networks of other files, by the name that the exercise has for them.
        pictures: The pictures of other files, likewise.
    """
    lines = [line for name, table in tables.items() for line in _as_toml(name, table)]
    for name, picture in (pictures or {}).items():
        lines += [f"[picture.{_quoted(name)}]", f"data = {_quoted(picture.data)}"]
    return text + "".join(f"\n{line}" for line in lines).encode() + b"\n" if lines else text


def _network(value: Any, networks: Networks, file: str, key: str) -> Any:
    if isinstance(value, str):
        return networks.find(value, file, key)
    if isinstance(value, dict):
        table = decode(value, NetworkTable, file, lambda inner: f"{key}{inner}")
        _require_sound(table, file, key)
        return table
    if isinstance(value, NetworkTable):
        return value
    raise spec_error(file, key, f"found {shown(value)}, wanted the name of a network, or its table")


def _require_sound(table: NetworkTable, file: str, key: str) -> None:
    # Only a file with networks of its own pays for the table of mistakes.
    from grader.networks.mutants.declared import own_mistakes

    try:
        network = network_of(table)
        require_all_used(network)
        with at_key("mistake"):
            list(own_mistakes(network))
    except NetworkError as error:
        raise spec_error(file, f"{key}.{error.key}" if error.key else key, str(error)) from None
    ids = [mistake.id for mistake in table.mistake]
    for number, mistake in enumerate(table.mistake):
        place = f"{key}.mistake[{number}]"
        if bool(mistake.equations) == bool(mistake.mutant):
            raise spec_error(file, place, "give one of equations and mutant")
        if mistake.mutant:
            _require_known(mistake.mutant, network, file, f"{place}.mutant")
        if mistake.id in ids[:number]:
            raise spec_error(file, f"{place}.id", f"the id {mistake.id!r} is used twice")
        try:
            network_of(mistaken(table, mistake))
        except NetworkError as error:
            raise spec_error(file, place, str(error)) from None


def _require_known(mutant: str, network: Network, file: str, key: str) -> None:
    from grader.networks.mutants.catalogue import general_ids

    known = general_ids(network)
    # The id of "another network was computed" is made once a question names the other network.
    if mutant not in known and not mutant.endswith("-instead"):
        hint = (
            did_you_mean(mutant, known)
            or "leave mutant out, and write the equations that the mistake changes"
        )
        raise spec_error(file, key, f"no general mistake has the id {mutant!r}", hint)


def _nearest_in_library(name: str) -> str | None:
    stems = {one.removeprefix(PREFIX): one for one in library_names()}
    near = difflib.get_close_matches(name.lower().replace("_", "-"), stems, n=1)
    return f"did you mean {stems[near[0]]!r}?" if near else None


def _where_networks_come_from(own: Iterable[str]) -> str:
    names = joined(tuple(own))
    here = f"the file has {names}; " if names else ""
    return f'{here}write a table [network.NAME], or name one that comes along, such as "{PREFIX}gru"'


def _as_toml(name: str, table: NetworkTable) -> list[str]:
    """The table as lines of TOML."""
    lines = [f"[network.{_quoted(name)}]"]
    for key, value in msgspec.to_builtins(table).items():
        if key == "mistake":
            continue
        if isinstance(value, dict):
            inside = ", ".join(f"{_quoted(one)} = {_quoted(inner)}" for one, inner in value.items())
            lines.append(f"{key} = {{ {inside} }}")
        else:
            lines.append(f"{key} = {_quoted(value)}")
    for mistake in table.mistake:
        lines.append(f"[[network.{_quoted(name)}.mistake]]")
        lines += [f"{key} = {_quoted(value)}" for key, value in msgspec.to_builtins(mistake).items()]
    return lines


def _quoted(value: object) -> str:
    # A list or a text of JSON is one of TOML.
    return json.dumps(value, ensure_ascii=True)
