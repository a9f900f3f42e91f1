"""The frame of every page: head, style, and a policy by which it can load and run nothing."""

from __future__ import annotations

import base64
import functools
import hashlib
import xml.etree.ElementTree as ET
from importlib.resources import files

from grader.reports.html.elements import Child, as_html, element


def page(title: str, *body: Child) -> str:
    """A whole page as text.

    Args:
        title: For the tab and the list of pages.
        body: What stands in `<main>`.
    """
    head = element(
        "head",
        {},
        element("meta", {"charset": "utf-8"}),
        element("meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"}),
        element("meta", {"http-equiv": "Content-Security-Policy", "content": policy()}),
        element("meta", {"name": "referrer", "content": "no-referrer"}),
        element("title", {}, title),
        _style(),
    )
    root = element("html", {"lang": "en"}, head, element("body", {}, element("main", {}, *body)))
    return f"<!doctype html>\n{as_html(root)}\n"


def policy() -> str:
    """The content security policy: the one style by its hash, images within the page, nothing else."""
    digest = base64.b64encode(hashlib.sha256(style().encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; font-src data:; base-uri 'none'; "
        "form-action 'none'"
    )


@functools.cache
def style() -> str:
    """The style of all pages."""
    return files("grader.reports.html").joinpath("page.css").read_text(encoding="utf-8")


def _style() -> ET.Element:
    made = ET.Element("style")
    # Not escaped when printed: it is ours, and its hash must be that of the text as it stands.
    made.text = style()
    return made
