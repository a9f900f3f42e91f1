"""Reading an .npz answer: arrays only, nothing unpickled, sizes checked before anything is unpacked."""

import io
import zipfile
from typing import Any

import numpy as np

from . import caps
from .objects import UnreadValue


class NotAnArchive(Exception):
    """The file cannot be read as .npz; the message is for the student."""


def read_npz(data: bytes) -> dict[str, Any]:
    """The arrays by name; `b_i.Wss` becomes the entry `Wss` of `b_i`."""
    check_sizes(data)
    names: dict[str, Any] = {}
    with np.load(io.BytesIO(data), allow_pickle=False) as archive:
        for key in archive.files:
            put(names, key.split("."), archive_member(archive, key))
    return names


def check_sizes(data: bytes) -> None:
    """Refuse too many members, and members that say they unpack to too much."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, IndexError):
        raise NotAnArchive("the file is not an .npz archive") from None
    if len(members) > caps.MAX_NPZ_MEMBERS:
        raise NotAnArchive(f"the archive has {len(members)} arrays; at most {caps.MAX_NPZ_MEMBERS} are read")
    size = sum(member.file_size for member in members)
    if size > caps.MAX_NPZ_BYTES:
        raise NotAnArchive(f"the arrays take {size / 2**20:.0f} MiB; {caps.MAX_NPZ_BYTES >> 20} are read")


def archive_member(archive: Any, key: str) -> Any:
    """One array of the archive; where it cannot be read, only this array is lost."""
    try:
        return archive[key]
    except Exception as error:
        if "allow_pickle" in str(error):
            return UnreadValue("an array of Python objects, which is not read: save it as numbers or text")
        return UnreadValue("an array that cannot be read: write the file again with numpy.savez")


def put(names: dict[str, Any], path: list[str], value: Any) -> None:
    """Put a value where its dotted name says."""
    for step in path[:-1]:
        deeper = names.setdefault(step, {})
        if not isinstance(deeper, dict):
            raise NotAnArchive(f"{step:.100} is given both as an array and as a group of arrays")
        names = deeper
    if path[-1] in names:
        raise NotAnArchive(f"{'.'.join(path):.100} is given twice")
    names[path[-1]] = value
