"""How a report looks: one file a format.

A format is a module `<name>_report.py` with `FORMAT` (the name), `SUFFIX` (of files) and
`render(report, view)`.
"""

from grader.reports.formats import find_format, format_names
from grader.reports.view import View

__all__ = ["View", "find_format", "format_names"]
