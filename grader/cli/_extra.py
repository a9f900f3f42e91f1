"""Commands for instructors need packages that students do not."""

from __future__ import annotations

import importlib.util

import click


def require_instructor() -> None:
    """Say how to install what is missing.

    Raises:
        click.UsageError: If the extra `instructor` is not installed.
    """
    missing = [name for name in ("sqlalchemy", "alembic") if importlib.util.find_spec(name) is None]
    if missing:
        from grader.extras import install_command

        raise click.UsageError(
            f"{' and '.join(missing)} must be installed, which students do without: "
            f"{install_command('instructor')}"
        )
