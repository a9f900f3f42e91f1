"""A report for a notebook, which takes styles, scripts, SVG and MathML out of a page.

JupyterLab takes these out of a notebook that is opened but not trusted, and leaves their inner text. Styles
at the elements and images with data in their address stay, so these are used: one form for both cases.
"""

from __future__ import annotations

import base64
import xml.etree.ElementTree as ET

from grader.model.report import Report
from grader.reports import PLAIN, View
from grader.reports.html.elements import as_html, element

STYLES = {
    "correct": "color:#2a8f4c",
    "partial": "color:#a86f00",
    "incorrect": "color:#cc3b3b",
    "invalid": "color:#cc3b3b",
    "total": "font-weight:bold;font-size:1.15em",
    "quiet": "opacity:.75;font-size:.875em",
    "differs": "font-weight:bold;text-decoration:underline wavy #cc3b3b",
    "scrolls": "overflow-x:auto",
    "points": "font-weight:normal;margin-left:1em",
}
# In an image nothing of the page's style holds; these are seen on white and on black.
IN_IMAGE = (
    "text{fill:#808080;font:12px sans-serif}.axis,.frame{stroke:#808080;fill:none}.bar{fill:#3b82c4}"
    ".marked{stroke:#cc3b3b;stroke-dasharray:4 3}"
    ".node{stroke:#808080;fill:none;stroke-width:1.5}.wrong{stroke:#cc3b3b;stroke-width:3}.ground{fill:none}"
    ".edge{stroke:#808080;fill:none}.numbers{font:11px monospace}"
    ".first{stroke:#3b82c4;fill:none;stroke-width:2}.second{stroke:#c47f17;fill:none;stroke-width:1.5}"
)
DROPPED = {"id", "class", "role", "tabindex", "aria-label", "aria-labelledby", "href"}


def notebook_html(report: Report, view: View = PLAIN) -> str:
    """The report as HTML for a cell's output.

    Args:
        report: The report.
        view: Who reads it, and how many hints to show.
    """
    from grader.reports.html_report import body

    blocks = [block for block in body(report, view) if block is not None]
    return as_html(
        element("div", {}, *(block if isinstance(block, str) else _for_notebook(block) for block in blocks))
    )


def _for_notebook(given: ET.Element) -> ET.Element:
    if given.tag == "svg":
        made = _image(given)
    elif given.tag == "math":
        made = ET.Element("span")
        made.text = given.get("alttext", "")
    else:
        made = ET.Element(
            given.tag, {key: value for key, value in given.attrib.items() if key not in DROPPED}
        )
        made.text = given.text
        made.extend(_for_notebook(child) for child in given)
        if style := STYLES.get(given.get("class", "")):
            made.set("style", style)
    made.tail = given.tail
    return made


def _image(drawing: ET.Element) -> ET.Element:
    alone = ET.Element("svg", {**drawing.attrib, "xmlns": "http://www.w3.org/2000/svg"})
    style = ET.SubElement(alone, "style")
    style.text = IN_IMAGE
    alone.extend(drawing)
    data = base64.b64encode(ET.tostring(alone)).decode()
    size: dict[str, str] = {key: drawing.attrib[key] for key in ("width", "height") if key in drawing.attrib}
    return ET.Element(
        "img", {"alt": drawing.get("aria-label", ""), "src": f"data:image/svg+xml;base64,{data}", **size}
    )
