"""The same run everywhere: nothing of the caller's environment, the same random examples, no clock."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

# A busy machine is no failure, and a failure must come again on the next run.
settings.register_profile("suite", deadline=None, derandomize=True, database=None)
settings.load_profile("suite")

WHAT_A_TERMINAL_SETS = ("NO_COLOR", "FORCE_COLOR", "CLICOLOR", "TERM", "LINES")


@pytest.fixture(scope="session", autouse=True)
def environment() -> Iterator[None]:
    """What the caller has set for rnngrade, its terminal or a platform changes nothing."""
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.startswith(("RNNGRADE_", "GITHUB_")) or name in WHAT_A_TERMINAL_SETS:
                patch.delenv(name)
        patch.setenv("COLUMNS", "80")
        yield
