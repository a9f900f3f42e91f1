"""A class folder on disk. Links are never followed, not even one that is put in place while we look."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from grader.errors import not_on_windows
from grader.submissions.safe_read import (
    FILE_LIMIT_BYTES,
    HAS_FOLDER_DESCRIPTORS,
    flags,
    read_regular_file,
)
from grader.submissions.tree import Entry, safe_parts

OPEN_FOLDER = os.O_RDONLY | flags("O_DIRECTORY", "O_CLOEXEC")


class FolderTree:
    """A folder; the folder itself may be reached through a link, nothing in it is.

    Args:
        root: The class folder.

    Raises:
        CannotDo: On Windows, where no folder can be held open while its files are looked at.
    """

    def __init__(self, root: Path) -> None:
        if not HAS_FOLDER_DESCRIPTORS:
            raise not_on_windows("the folder of a class cannot be read")
        self.root = root
        self.strays: list[Entry] = []
        self.name = root.resolve().name

    def children(self, path: str = "") -> tuple[Entry, ...]:
        """What is in a folder, sorted by name."""
        prefix = f"{path}/" if path else ""
        try:
            with self._folder(safe_parts(path)) as folder:
                return tuple(_entry(prefix + name, name, folder) for name in sorted(os.listdir(folder)))
        except (FileNotFoundError, NotADirectoryError):
            return ()

    def entry(self, path: str) -> Entry | None:
        """What a path is; None where there is nothing."""
        parts = safe_parts(path)
        if not parts:
            return Entry("", "folder")
        try:
            with self._folder(parts[:-1]) as folder:
                os.stat(parts[-1], dir_fd=folder, follow_symlinks=False)
                return _entry(path, parts[-1], folder)
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

    def close(self) -> None:
        """Nothing is held open."""

    @contextmanager
    def _folder(self, parts: list[str]) -> Iterator[int]:
        descriptor = os.open(self.root, OPEN_FOLDER)
        try:
            for part in parts:
                inner = os.open(part, OPEN_FOLDER | os.O_NOFOLLOW, dir_fd=descriptor)
                os.close(descriptor)
                descriptor = inner
            yield descriptor
        finally:
            os.close(descriptor)


def _entry(path: str, name: str, folder: int) -> Entry:
    try:
        mode = os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode
    except OSError as error:
        return Entry(path, "other", f"cannot be looked at: {error.strerror}")
    if stat.S_ISDIR(mode):
        return Entry(path, "folder")
    if stat.S_ISREG(mode):
        return Entry(path, "file")
    return Entry(path, "other", "a symbolic link" if stat.S_ISLNK(mode) else "not a regular file")
