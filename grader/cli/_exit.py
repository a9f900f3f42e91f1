"""Exit codes that scripts rely on."""

from __future__ import annotations

import enum


class ExitCode(enum.IntEnum):
    """What a command says to the shell."""

    FULL_MARKS = 0
    BELOW = 1
    USAGE = 2
    OUR_FAILURE = 3
    INTERRUPTED = 130
