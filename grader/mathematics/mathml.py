"""A formula as MathML, for pages."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from grader.mathematics.tree import NAMESPACE, parse


def mathml(tex: str, is_display: bool = False) -> str:
    """The `<math>` element, safe to put into a page as it is.

    Args:
        tex: Without the `$` around it.
        is_display: Whether it has a line of its own.

    Raises:
        MathError: If it cannot be read, or holds what is not allowed.
    """
    ET.register_namespace("", NAMESPACE.strip("{}"))
    return ET.tostring(parse(tex, is_display), encoding="unicode")
