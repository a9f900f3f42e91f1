"""How a report looks: one file a format.

A format is a module `<name>_report.py` with `FORMAT` (the name), `SUFFIX` (of files) and
`render(report, view)`. The names of the files are the list of formats.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from typing import NamedTuple, Protocol, cast

import msgspec

from grader.model.outcome import Audience
from grader.model.report import Report

ENDING = "_report"


class AnswerPlace(NamedTuple):
    """Where in an answer something stands: the file, and the line from 1 where it is known."""

    file: str
    line: int | None = None


class View(msgspec.Struct, frozen=True):
    """How a report is to be rendered; each format uses what applies to it.

    Args:
        hints: How many hints to give for each question that is not solved.
        width: Columns of the terminal.
        color: Whether colours and bold may be used.
        unicode: Whether the terminal has more than ASCII.
        audience: Who reads it; a report for students has nothing that is for staff.
        places: Where in the answer each question stands, by its id; for formats that point there.
    """

    hints: int = 0
    width: int = 80
    color: bool = False
    unicode: bool = True
    audience: Audience = "student"
    places: Mapping[str, AnswerPlace] = {}


PLAIN = View()


class Format(Protocol):
    """What a module `<name>_report.py` has."""

    FORMAT: str
    SUFFIX: str

    def render(self, report: Report, view: View = ...) -> str:
        """The report as text.

        Args:
            report: The report.
            view: How it is to be rendered.
        """


def format_names() -> tuple[str, ...]:
    """Names of all formats; none is imported."""
    names = (module.name for module in pkgutil.iter_modules(__path__))
    return tuple(sorted(name.removesuffix(ENDING) for name in names if name.endswith(ENDING)))


def find_format(name: str) -> Format:
    """A format by its name.

    Args:
        name: One of `format_names()`.

    Raises:
        KeyError: If there is no such format.
    """
    if name not in format_names():
        raise KeyError(name)
    return cast(Format, importlib.import_module(f"{__name__}.{name}{ENDING}"))
