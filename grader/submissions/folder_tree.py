"""A folder on disk, and opening a class. Links are never followed, not even one put in place meanwhile."""

from __future__ import annotations

import functools
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from grader.errors import SubmissionError, not_on_windows
from grader.submissions.safe_read import (
    FILE_LIMIT_BYTES,
    HAS_FOLDER_DESCRIPTORS,
    Folder,
    Refused,
    flags,
    read_regular_file,
    status_in,
)
from grader.submissions.stamps import OPEN_FOLDER, FolderStamps
from grader.submissions.tree import Tree, TreeEntry, safe_parts
from grader.submissions.zip_tree import WHOLE_CLASS, ZipTree


class FolderTree:
    """A folder in which no link is followed.

    Args:
        root: The folder. Where the system has no descriptors of folders, as Windows, only what is directly in
            it can be read.
        may_be_link: Whether the folder itself may be reached through a link.
    """

    is_packed = False

    def __init__(self, root: Path, *, may_be_link: bool = True) -> None:
        self.root = root
        self.strays: list[TreeEntry] = []
        self.name = root.resolve().name
        self._open_root = OPEN_FOLDER | (0 if may_be_link else flags("O_NOFOLLOW"))
        self._stamps: FolderStamps | None = None

    def children(self, path: str = "") -> tuple[TreeEntry, ...]:
        """What is in a folder, sorted by name."""
        prefix = f"{path}/" if path else ""
        try:
            with self._folder(safe_parts(path)) as folder:
                return tuple(_entries(prefix, folder))
        except (FileNotFoundError, NotADirectoryError):
            return ()

    def entry(self, path: str) -> TreeEntry | None:
        """What a path is; None where there is nothing."""
        parts = safe_parts(path)
        if not parts:
            return TreeEntry("", "folder")
        try:
            with self._folder(parts[:-1]) as folder:
                return _entry(path, parts[-1], folder, must_exist=True)
        except (FileNotFoundError, NotADirectoryError):
            return None

    def read(self, path: str, limit_bytes: int = FILE_LIMIT_BYTES) -> bytes:
        """The bytes of a regular file.

        Args:
            path: Its place in the tree.
            limit_bytes: What is larger is refused.
        """
        parts = safe_parts(path)
        with self._folder(parts[:-1]) as folder:
            return read_regular_file(parts[-1] if parts else ".", folder, limit_bytes)

    def stamp(self, path: str) -> bytes:
        """What the system notes of all that lies at a path; see `Tree`."""
        safe_parts(path)
        if self._stamps is None:
            if not HAS_FOLDER_DESCRIPTORS:
                return b""
            self._stamps = FolderStamps(self.root)
        return self._stamps.of(path)

    def close(self) -> None:
        """Close the folder that is looked at for stamps."""
        if self._stamps is not None:
            self._stamps.close()
            self._stamps = None

    @contextmanager
    def _folder(self, parts: list[str]) -> Iterator[Folder]:
        if not HAS_FOLDER_DESCRIPTORS:
            yield os.path.join(self.root, *parts)
            return
        descriptor = os.open(self.root, self._open_root)
        try:
            for part in parts:
                inner = os.open(part, OPEN_FOLDER | os.O_NOFOLLOW, dir_fd=descriptor)
                os.close(descriptor)
                descriptor = inner
            yield descriptor
        finally:
            os.close(descriptor)


def _entries(prefix: str, folder: Folder) -> Iterator[TreeEntry]:
    """What is in a folder, sorted by name; what each is comes with its name where the system tells."""
    with os.scandir(folder) as found:
        entries = sorted(found, key=lambda one: one.name)
        # In a folder that may be listed and not entered nothing can be looked at.
        may_enter = not isinstance(folder, str) and os.access(".", os.X_OK, dir_fd=folder)
        for one in entries:
            path = prefix + one.name
            kind = _kind(one) if may_enter else None
            yield _entry(path, one.name, folder) if kind is None else TreeEntry(path, kind)


def _kind(one: os.DirEntry[str]) -> Literal["file", "folder"] | None:
    try:
        if one.is_file(follow_symlinks=False):
            return "file"
        return "folder" if one.is_dir(follow_symlinks=False) else None
    except OSError:
        return None


def _entry(path: str, name: str, folder: Folder, *, must_exist: bool = False) -> TreeEntry:
    try:
        mode = status_in(name, folder).st_mode
    except OSError as error:
        if must_exist:
            raise
        return TreeEntry(path, "other", f"cannot be looked at: {error.strerror}")
    if stat.S_ISDIR(mode):
        return TreeEntry(path, "folder")
    if stat.S_ISREG(mode):
        return TreeEntry(path, "file")
    return TreeEntry(path, "other", "a symbolic link" if stat.S_ISLNK(mode) else "not a regular file")


def open_class(path: Path) -> Tree:
    """The class in a folder, or in the zip file that a learning-management system exported.

    Raises:
        SubmissionError: If there is none, or it cannot be read; says why.
        CannotDo: For a folder on Windows, where none can be held open while its files are looked at.
    """
    try:
        if path.is_dir():
            if not HAS_FOLDER_DESCRIPTORS:
                raise not_on_windows("the folder of a class cannot be read")
            return FolderTree(path)
        status = path.stat()
        stamp = (status.st_dev, status.st_ino, status.st_mtime_ns, status.st_size)
        return _open_zip(path, stamp, os.getpid())
    except FileNotFoundError:
        raise SubmissionError("there is no such folder or zip file", where=str(path)) from None
    except Refused as refused:
        hint = "give a folder, or the zip file as it was downloaded; or unpack it and give the folder"
        raise SubmissionError(refused.message, hint, str(path)) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise SubmissionError(f"cannot be read: {reason}", where=str(path)) from None


# Reading the directory of a zip file of two thousand submissions once for each of them would take longer
# than marking. The process is part of the key: two processes must not share a position in one file.
@functools.lru_cache(maxsize=2)
def _open_zip(path: Path, stamp: tuple[int, ...], process: int) -> Tree:
    return _KeptOpen(path, WHOLE_CLASS)


class _KeptOpen(ZipTree):
    """A zip file that stays open from submission to submission, until another class is opened."""

    def close(self) -> None:
        """Stay open."""
