"""The way into rnngrade under the one name that is its own: the command, and `python -m rnngrade`.

`grader` is a name that a folder beside a student's answer, or on PYTHONPATH, may have as well.
"""

from __future__ import annotations

import os
import sys


def load_own() -> None:
    """Import `grader` from beside this package, whatever of that name stands first on the path."""
    beside = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    sys.path.insert(0, beside)
    try:
        import grader  # noqa: F401 - it finds what belongs to it by itself
    finally:
        sys.path.remove(beside)


def main() -> int:
    """Run the command line; the exit code."""
    load_own()
    from grader.cli import main as run

    return run()
