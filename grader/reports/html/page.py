"""The frame of every page: head, style, and a policy by which it can load and run nothing."""

from __future__ import annotations

import base64
import functools
import hashlib
import xml.etree.ElementTree as ET
from importlib.resources import files

from grader.reports.html.elements import Child, as_html, element


def page(title: str, *body: Child, more_style: str = "", script: str = "") -> str:
    """A whole page as text.

    Args:
        title: For the tab and the list of pages.
        body: What stands in `<main>`.
        more_style: Of this type of page, after the one of all pages.
        script: Of a page that our own server shows on this machine, and that asks it; no file has one.
    """
    main = element("main", {}, *body)
    chosen = style() + more_style + (math_font() if main.find(".//math") is not None else "")
    head = element(
        "head",
        {},
        element("meta", {"charset": "utf-8"}),
        element("meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"}),
        element("meta", {"http-equiv": "Content-Security-Policy", "content": policy(chosen, script)}),
        element("meta", {"name": "referrer", "content": "no-referrer"}),
        element("title", {}, title),
        _as_it_stands("style", chosen),
    )
    root = element("html", {"lang": "en"}, head, element("body", {}, main))
    if script:
        root[1].append(_as_it_stands("script", script))
    return f"<!doctype html>\n{as_html(root)}\n"


def policy(chosen: str, script: str = "") -> str:
    """The content security policy: the one style by its hash, images within the page, nothing else.

    Args:
        chosen: The style of the page.
        script: Its script, if it has one.
    """
    runs = f"; script-src 'sha256-{_digest(script)}'; connect-src 'self'" if script else ""
    return (
        f"default-src 'none'; style-src 'sha256-{_digest(chosen)}'; img-src data:; font-src data:; "
        f"base-uri 'none'; form-action 'none'{runs}"
    )


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@functools.cache
def style() -> str:
    """The style of all pages."""
    return files("grader.reports.html").joinpath("page.css").read_text(encoding="utf-8")


@functools.cache
def math_font() -> str:
    """The CSS rule with a font for formulas, 48 kB: only for pages that have formulas.

    Browsers lay out formulas by a table of sizes that only fonts for mathematics have.
    """
    font = files("grader.reports.html").joinpath("font", "stix_two_math.woff2").read_bytes()
    data = base64.b64encode(font).decode()
    source = f'url(data:font/woff2;base64,{data}) format("woff2")'
    return f'@font-face {{ font-family: "STIX Two Math"; src: {source}; }}\n'


def _as_it_stands(name: str, text: str) -> ET.Element:
    """A style or script, printed without escapes: it is ours, and the policy has the hash of this text."""
    made = ET.Element(name)
    made.text = text
    return made
