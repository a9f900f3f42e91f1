"""The file that a platform waits for: never an old one, never half of one."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any

from grader.errors import GraderError


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
        with tempfile.NamedTemporaryFile("w", dir=path.parent, suffix=".part", delete=False) as file:
            file.write(text)
        # The platform may read as another user.
        os.chmod(file.name, 0o644)
        os.replace(file.name, path)
    except OSError as error:
        raise GraderError(f"cannot be written: {error.strerror}", where=str(path)) from None
