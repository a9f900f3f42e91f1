"""Opening a class: a folder, or the zip file that a learning-management system exported."""

from __future__ import annotations

import functools
import os
from pathlib import Path

from grader.errors import SubmissionError
from grader.submissions.folder_tree import FolderTree
from grader.submissions.safe_read import Refused
from grader.submissions.tree import Tree
from grader.submissions.zip_tree import WHOLE_CLASS, ZipTree


def open_tree(path: Path) -> Tree:
    """The class in a folder or zip file.

    Args:
        path: As typed.

    Raises:
        SubmissionError: If there is none, or it cannot be read; says why.
    """
    try:
        if path.is_dir():
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


def is_packed(tree: Tree) -> bool:
    """Whether a class came as a zip file.

    Args:
        tree: From `open_tree`.
    """
    return isinstance(tree, ZipTree)


# Reading the directory of a zip file of two thousand hand-ins once for each of them would take longer
# than marking. The process is part of the key: two processes must not share a position in one file.
@functools.lru_cache(maxsize=2)
def _open_zip(path: Path, stamp: tuple[int, ...], process: int) -> Tree:
    return _KeptOpen(path, WHOLE_CLASS)


class _KeptOpen(ZipTree):
    """A zip file that stays open for the next hand-in; it is closed when another class is opened."""

    def close(self) -> None:
        """Stay open."""
