"""The file that a platform waits for: never an old one, never half of one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from grader.errors import GraderError
from grader.reports.whole_file import write_whole


def remove_old(path: Path) -> None:
    """Take away what lies there, so that a run that fails leaves no result behind.

    A student's checkout can hold a file of that name, or a link to elsewhere.

    Args:
        path: Of the result file.

    Raises:
        GraderError: If it cannot be removed.
    """
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise GraderError(f"cannot be replaced: {error.strerror}", where=str(path)) from None


def write_result(path: Path, results: dict[str, Any]) -> None:
    """Write the whole file at once.

    Args:
        path: Of the result file; its folder is made.
        results: JSON-ready values.

    Raises:
        GraderError: If it cannot be written.
    """
    text = json.dumps(results, indent=2, ensure_ascii=True, allow_nan=False) + "\n"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # The platform may read as another user.
        write_whole(path, text.encode(), mode=0o644)
    except OSError as error:
        raise GraderError(f"cannot be written: {error.strerror}", where=str(path)) from None
