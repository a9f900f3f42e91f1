"""Finding the report formats: the names of the files are the list."""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path
from typing import Protocol, cast

from grader.model.report import Report
from grader.reports.view import View

ENDING = "_report"


class Format(Protocol):
    """What a module `<name>_report.py` has."""

    FORMAT: str
    SUFFIX: str

    def render(self, report: Report, view: View = ...) -> str:
        """The report as text.

        Args:
            report: The report.
            view: How it is to be shown.
        """


def format_names() -> tuple[str, ...]:
    """Names of all formats; none is imported."""
    modules = pkgutil.iter_modules([str(Path(__file__).parent)])
    return tuple(sorted(m.name.removesuffix(ENDING) for m in modules if m.name.endswith(ENDING)))


def find_format(name: str) -> Format:
    """A format by its name.

    Args:
        name: One of `format_names()`.

    Raises:
        KeyError: If there is no such format.
    """
    if name not in format_names():
        raise KeyError(name)
    return cast(Format, importlib.import_module(f"grader.reports.{name}{ENDING}"))
