"""The option `--format` of commands that write reports."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from grader.reports import Format


def named(name: str) -> Format:
    """The report format of a name.

    Args:
        name: As typed.

    Raises:
        click.UsageError: If there is none; names them all.
    """
    from grader.cli._group import nearest
    from grader.reports import find_format, format_names

    names = format_names()
    if name not in names:
        near = nearest(name, names)
        raise click.UsageError(f"no report format is called {name!r}{near}; there are {', '.join(names)}")
    return find_format(name)


def of_file(output: Path) -> Format:
    """The format of a file's suffix; plain text, with a note, where the suffix is of none.

    Args:
        output: The file that the report goes to.
    """
    from grader.cli import _output
    from grader.reports import find_format, format_names

    formats = [find_format(one) for one in format_names()]
    suffix = output.suffix.lower()
    found = next((one for one in formats if suffix == one.SUFFIX), None)
    if found is None and suffix:
        known = ", ".join(sorted(one.SUFFIX for one in formats))
        _output.note(f"no report format has the suffix {suffix}: {output} gets plain text; there are {known}")
    return found or named("terminal")
