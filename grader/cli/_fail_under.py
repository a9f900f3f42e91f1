"""The option `--fail-under`."""

from __future__ import annotations

import re
from fractions import Fraction

import click

WRITTEN = re.compile(r"(\d{1,9}(\.\d{0,9})?|\.\d{1,9})%?|\d{1,9}/0*[1-9]\d{0,8}")


def read_share(context: click.Context, parameter: click.Parameter, value: str) -> Fraction:
    """The exact share of the points that was typed: 0.8, 4/5 or 80%.

    Args:
        context: Given by click.
        parameter: Given by click.
        value: As typed.

    Raises:
        click.BadParameter: If it is no share, or more than all.
    """
    text = value.replace(" ", "")
    if not WRITTEN.fullmatch(text):
        raise click.BadParameter(f"{value!r} is not a share of the points; write 0.8 or 80%")
    share = Fraction(text.rstrip("%")) / (100 if text.endswith("%") else 1)
    if share > 1:
        near = f"; did you mean {text}%?" if not text.endswith("%") and share <= 100 else ""
        raise click.BadParameter(f"{text} is more than all the points{near}")
    return share
