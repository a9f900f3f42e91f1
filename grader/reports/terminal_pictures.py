"""Pictures of a trained network: predicted against wanted, and the loss curve."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from grader.reports.blocks import plot
from grader.reports.terminal_style import INDENT, indented
from grader.reports.view import View

HEIGHT = 5
WIDEST = 72


def pictures(evidence: dict[str, Any], view: View) -> Iterator[RenderableType]:
    """One picture for each output, and one for the losses; nothing where the evidence has neither.

    Args:
        evidence: Of a question: `series` with predicted and wanted, `losses` with `every`.
        view: Width and alphabet.
    """
    width = min(view.width - INDENT - 2, WIDEST)
    series = evidence.get("series")
    if isinstance(series, dict) and {"predicted", "wanted"} <= set(series):
        pairs = zip(series["predicted"], series["wanted"], strict=False)
        for number, (predicted, wanted) in enumerate(pairs, start=1):
            legend = "* predicted, o wanted" if not view.unicode else "line predicted, dots wanted"
            yield indented(f"y{number} on a sequence for show ({legend}):", "dim")
            yield from _drawn(plot([predicted, wanted], width, HEIGHT, not view.unicode))
    losses = evidence.get("losses")
    if isinstance(losses, list) and len(losses) > 1:
        every = evidence.get("every", 1)
        apart = f"every {every} epochs" if isinstance(every, int) and every > 1 else "an epoch"
        yield indented(f"Your losses, one {apart}, on a logarithmic axis:", "dim")
        yield from _drawn(plot([losses], width, HEIGHT, not view.unicode, is_log=True))


def _drawn(lines: list[str]) -> Iterator[RenderableType]:
    for line in lines:
        yield Text(" " * INDENT + line, no_wrap=True)
