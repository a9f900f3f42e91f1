"""Blocks of a report as rich prints them: with colours, and with signs of any width."""

from __future__ import annotations

import io

from rich import box
from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from grader.reports.blocks import Block, HeadedTable, Headline, Notice, Paragraph

BOXES = {"simple": box.SIMPLE_HEAD, "ascii": box.ASCII2}


def rich_text(block: Block, width: int, *, has_color: bool) -> str:
    """A block as text, with its last line end.

    Args:
        block: What is printed.
        width: Columns.
        has_color: Whether escape codes for colours are allowed.
    """
    written = io.StringIO()
    console = Console(
        file=written,
        width=width,
        force_terminal=has_color,
        color_system="standard" if has_color else None,
        no_color=not has_color,
        legacy_windows=False,
        highlight=False,
        markup=False,
        emoji=False,
        soft_wrap=False,
        # In a notebook rich would otherwise draw onto the page and not into this text.
        force_jupyter=False,
    )
    console.print(_renderable(block))
    return written.getvalue()


def _renderable(block: Block) -> RenderableType:
    match block:
        case Paragraph(parts=parts, indent=indent, is_wrapped=is_wrapped):
            text = _text(parts, is_wrapped)
            return Padding(text, (0, 0, 0, indent)) if indent else text
        case Headline(parts=parts, right=right):
            line = Table.grid(expand=True)
            line.add_column(ratio=1)
            line.add_column(justify="right", no_wrap=True)
            line.add_row(_text(parts), right)
            return line
        case Notice(symbol=symbol, text=text, style=style):
            grid = Table.grid(padding=(0, 1, 0, 0))
            grid.add_row(Text(symbol, style), Text(text, style))
            return grid
        case HeadedTable():
            return _grid(block)


def _text(parts: tuple[tuple[str, str], ...], is_wrapped: bool = True) -> Text:
    if len(parts) == 1:
        return Text(*parts[0], no_wrap=None if is_wrapped else True)
    return Text.assemble(*parts)


def _grid(grid: HeadedTable) -> Padding:
    table = Table(box=BOXES[grid.rules], show_edge=False, pad_edge=False)
    for number, heading in enumerate(grid.headings):
        is_right = number in grid.to_the_right
        table.add_column(heading, justify="right" if is_right else "left", overflow="fold")
    for number, row in enumerate(grid.rows):
        table.add_row(*map(Text, row), style="bold" if number in grid.bold else "")
    return Padding(table, (0, 0, 0, grid.indent))
