"""Long text goes through a pager, where somebody sits at the terminal."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys

OWN_PAGER = "RNNGRADE_PAGER"
LESS = "less"
# Colours as they are, nothing where it fits after all, and the text stays on the screen.
LESS_OPTIONS = "FRX"


def shown_in_pager(text: str) -> bool:
    """Whether a pager has shown the text; False where it is to be written as any other.

    Args:
        text: Complete with its last line end.
    """
    if not sys.stdout.isatty() or os.environ.get("CI") or os.environ.get("TERM", "dumb") == "dumb":
        return False
    if text.count("\n") < shutil.get_terminal_size((80, 24)).lines:
        return False
    command = pager()
    return bool(command) and _has_shown(command, text)


def pager() -> list[str]:
    """The command of RNNGRADE_PAGER, else of PAGER, else less; empty where there is none or it is cat."""
    import shlex

    named = os.environ.get(OWN_PAGER, os.environ.get("PAGER"))
    if named is None:
        named = LESS if shutil.which(LESS) else ""
    try:
        words = shlex.split(named)
    except ValueError:
        return []
    return [] if words == ["cat"] else words


def _has_shown(command: list[str], text: str) -> bool:
    """Whether the pager has shown the text; it has not where it cannot be started or fails."""
    sys.stdout.flush()
    environment = {"LESS": LESS_OPTIONS, **os.environ}
    encoding = sys.stdout.encoding or "utf-8"
    # Ctrl-C is the pager's own affair.
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        done = subprocess.run(command, input=text.encode(encoding, "replace"), env=environment, check=False)
    except OSError:
        return False
    finally:
        signal.signal(signal.SIGINT, before)
    # Below 0 it was ended by a signal, above by a failure of its own, with nothing shown.
    return done.returncode <= 0
