"""The site over these pages: `poe docs` builds it into build/site.

The pages are plain Markdown that reads well in a repository, too. Which there are, and in which order, the
tables of index.md say; formulas become MathML by the grader's own printer, so that nothing is loaded.
"""

from __future__ import annotations

import re
from importlib.metadata import version as installed_version
from typing import TYPE_CHECKING

from docutils.nodes import SkipNode

from grader.mathematics.mathml import mathml

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.writers.html5 import HTML5Translator

project = "rnngrade"
author = "the authors of rnngrade"
release = installed_version("rnngrade")
language = "en"

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx_click"]
myst_heading_anchors = 3  # links to headings as in a repository; one that leads nowhere is an error
myst_enable_extensions = ["dollarmath"]
exclude_patterns = ["images/README.md"]

default_role = "code"  # docstrings write names in single backticks
autodoc_typehints = "description"
autodoc_member_order = "bysource"

html_theme = "furo"
html_title = f"rnngrade {release}"
html_static_path = ["_static", "../grader/reports/html/font/stix_two_math.woff2"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sourcelink = False
html_math_renderer = "mathml"


def list_pages(app: Sphinx, page: str, source: list[str]) -> None:
    """Make the site's contents of the pages that index.md links to, a part for each heading."""
    if page != app.config.root_doc:
        return
    for part in source[0].split("\n## ")[1:]:
        heading, body = part.split("\n", 1)
        pages = "\n".join(dict.fromkeys(re.findall(r"\]\(([\w/.-]+)\.md\)", body)))
        source[0] += f"\n```{{toctree}}\n:hidden:\n:caption: {heading}\n\n{pages}\n```\n"


def visit_inline(writer: HTML5Translator, node: nodes.math) -> None:
    """Write a formula within a line."""
    writer.body.append(mathml(node.astext()))
    raise SkipNode


def visit_display(writer: HTML5Translator, node: nodes.math_block) -> None:
    """Write a formula on a line of its own."""
    writer.body.append(f'<div class="formula">{mathml(node.astext(), is_display=True)}</div>')
    raise SkipNode


def setup(app: Sphinx) -> None:
    """Join both to Sphinx."""
    app.connect("source-read", list_pages)
    app.add_html_math_renderer("mathml", (visit_inline, None), (visit_display, None))
