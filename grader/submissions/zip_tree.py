"""A zip file that strangers packed, read in memory: nothing is ever unpacked to disk.

The kind and size of each member are read from the directory of the zip file before a byte is unpacked, and
unpacking stops at the limit whatever the directory says.
"""

from __future__ import annotations

import errno
import io
import os
import re
import stat
import struct
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

from grader.errors import SubmissionError
from grader.submissions.safe_read import FILE_LIMIT_BYTES, MIB, Refused, too_large
from grader.submissions.stamps import state_of_open
from grader.submissions.tree import TreeEntry, safe_parts

# Deflate cannot do better than about 1030 : 1; lists of equal numbers come near 400 : 1.
RATIO_LIMIT = 500
RATIO_FROM_BYTES = MIB
LONGEST_PATH, DEEPEST_PATH = 1000, 32
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
IS_ENCRYPTED = 0x1
IS_UTF_8 = 0x800
# An extra field: kind and size; this kind goes on with a version and the checksum of the other name.
EXTRA_HEAD, UNICODE_PATH, IS_UNICODE_PATH = 4, struct.Struct("<HHBL"), 0x7075
DRIVE = re.compile(r"[A-Za-z]:")
DIRECTORY_ENTRY = b"PK\x01\x02"


@dataclass(frozen=True)
class ZipLimits:
    """How much a zip file may hold.

    Args:
        members: Files and folders.
        unpacked_bytes: All of it together, as the zip file says.
    """

    members: int
    unpacked_bytes: int


WHOLE_CLASS = ZipLimits(members=100_000, unpacked_bytes=16 * 1024 * MIB)
ONE_STUDENT = ZipLimits(members=1000, unpacked_bytes=64 * MIB)


class ZipTree:
    """The members of a zip file.

    Args:
        source: The file's path, or its bytes.
        limits: How much it may hold.

    Raises:
        Refused: If it is no zip file, damaged, or holds too much.
        OSError: If it cannot be read.
    """

    is_packed = True

    def __init__(self, source: Path | bytes, limits: ZipLimits) -> None:
        before = os.stat(source) if isinstance(source, Path) else None
        self._zip = _opened(source, limits)
        self._state = b""
        if before is not None and self._zip.fp is not None:
            self._state = state_of_open(self._zip.fp.fileno(), before)
        self._members: dict[str, zipfile.ZipInfo] = {}
        self._folders: dict[str, dict[str, TreeEntry]] = {"": {}}
        self.strays: list[TreeEntry] = []
        self.name = source.stem if isinstance(source, Path) else ""
        for info in self._zip.infolist():
            self._add(info)

    def children(self, path: str = "") -> tuple[TreeEntry, ...]:
        """What is in a folder, sorted by name."""
        inside = self._folders.get(path, {})
        return tuple(inside[name] for name in sorted(inside))

    def entry(self, path: str) -> TreeEntry | None:
        """What a path is; None where there is nothing."""
        if not path:
            return TreeEntry("", "folder")
        folder, _, name = path.rpartition("/")
        return self._folders.get(folder, {}).get(name)

    def read(self, path: str, limit_bytes: int = FILE_LIMIT_BYTES) -> bytes:
        """The bytes of a member, unpacked no further than the limit.

        Args:
            path: Its place in the tree.
            limit_bytes: What is larger is refused.
        """
        entry, info = self.entry(path), self._members.get(path)
        if entry is None or info is None:
            raise Refused("a folder" if entry else "not in the zip file")
        if entry.refusal:
            raise Refused(entry.refusal)
        if info.file_size > limit_bytes:
            raise too_large(limit_bytes)
        data = self._unpacked(info, limit_bytes)
        if len(data) > limit_bytes:
            raise too_large(limit_bytes)
        return data

    def stamp(self, path: str) -> bytes:
        """The stamp of the whole zip file, as no member changes alone; see `Tree`.

        Args:
            path: Of a member; its checksum proves nothing, as equal ones are easily made.
        """
        return self._state if path in self._members or path in self._folders else b""

    def close(self) -> None:
        """Close the file."""
        self._zip.close()

    def _unpacked(self, info: zipfile.ZipInfo, limit_bytes: int) -> bytes:
        try:
            with self._zip.open(info) as file:
                return file.read(limit_bytes + 1)
        except Exception as error:
            # Any error of the library is the broken member's fault, unless the disk failed.
            if isinstance(error, OSError) and error.errno not in (None, errno.EINVAL):
                raise
            raise Refused(f"damaged inside the zip file ({type(error).__name__})") from None

    def _add(self, info: zipfile.ZipInfo) -> None:
        path = _name(info).replace("\\", "/")
        is_folder = path.endswith("/")
        path = path.rstrip("/")
        problem = _unsafe_name(path) or self._clash(path, is_folder)
        if problem:
            self.strays.append(TreeEntry(_name(info), "other", problem))
            return
        self._add_folders(path if is_folder else path.rpartition("/")[0])
        if not is_folder:
            folder, _, name = path.rpartition("/")
            refusal = _refusal(info)
            self._folders[folder][name] = TreeEntry(path, "other" if refusal else "file", refusal)
            self._members[path] = info

    def _clash(self, path: str, is_folder: bool) -> str:
        if path in self._members or (path in self._folders and not is_folder):
            return "the zip file holds this name twice; the first one counts"
        parts = path.split("/")
        if any("/".join(parts[:depth]) in self._members for depth in range(1, len(parts))):
            return "its folder is a file in the same zip file"
        return ""

    def _add_folders(self, path: str) -> None:
        if path not in self._folders:
            parent, _, name = path.rpartition("/")
            self._add_folders(parent)
            self._folders[path] = {}
            self._folders[parent][name] = TreeEntry(path, "folder")


def _opened(source: Path | bytes, limits: ZipLimits) -> zipfile.ZipFile:
    # Counted before the library makes an object of each: a small file can claim very many.
    if isinstance(source, bytes) and source.count(DIRECTORY_ENTRY) > limits.members:
        raise Refused(f"a zip file of more than {limits.members} files")
    try:
        opened = zipfile.ZipFile(io.BytesIO(source) if isinstance(source, bytes) else source)
    except Exception as error:
        if isinstance(error, OSError) and error.errno not in (None, errno.EINVAL):
            raise
        raise Refused(f"not a zip file, or a damaged one ({type(error).__name__})") from None
    members = opened.infolist()
    if len(members) > limits.members:
        raise Refused(f"a zip file of more than {limits.members} files")
    if sum(info.file_size for info in members) > limits.unpacked_bytes:
        raise Refused(f"a zip file that unpacks to more than {limits.unpacked_bytes // MIB} MiB")
    return opened


def _name(info: zipfile.ZipInfo) -> str:
    """The member's name: UTF-8 where it can be, whatever its flag says.

    A Mac packs names in UTF-8 without the flag; the library then reads them as CP437, in which each byte is
    a letter. Source: PKWARE APPNOTE 6.3.9, appendix D.
    """
    if info.flag_bits & IS_UTF_8:
        return info.filename
    try:
        raw = info.filename.encode("cp437")
        return (_name_beside(info.extra, raw) or raw).decode("utf-8")
    except UnicodeError:
        return info.filename


def _name_beside(extra: bytes, raw: bytes) -> bytes:
    """The name in UTF-8 that some packers write beside one in a system's own letters (APPNOTE, 4.6.9)."""
    while len(extra) > UNICODE_PATH.size:
        kind, size, version, checksum = UNICODE_PATH.unpack_from(extra)
        if kind == IS_UNICODE_PATH and version == 1 and checksum == zlib.crc32(raw):
            return extra[UNICODE_PATH.size : EXTRA_HEAD + size]
        extra = extra[EXTRA_HEAD + size :]
    return b""


def _unsafe_name(path: str) -> str:
    if len(path) > LONGEST_PATH or path.count("/") > DEEPEST_PATH:
        return "its path is too long"
    if path.startswith("/") or DRIVE.match(path):
        return "its name leads out of the zip file"
    try:
        return "" if safe_parts(path) else "it has no name"
    except SubmissionError:
        return "its name leads out of the zip file"


def _refusal(info: zipfile.ZipInfo) -> str:
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind == stat.S_IFLNK:
        return "a symbolic link"
    if kind not in (0, stat.S_IFREG):
        return "not a regular file"
    if info.flag_bits & IS_ENCRYPTED:
        return "encrypted"
    if info.compress_type not in METHODS:
        return "packed by a method other than deflate"
    if info.file_size > RATIO_FROM_BYTES and info.file_size > RATIO_LIMIT * info.compress_size:
        return f"unpacks to more than {RATIO_LIMIT} times its size"
    return ""
