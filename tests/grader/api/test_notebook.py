"""The page about notebooks, run as a notebook: its examples hold, and what cells show is safe."""

from __future__ import annotations

import re
import shutil
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import nbclient
import nbformat
import pytest
from markdown_it import MarkdownIt

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "python.md"
LONGEST_S = 60
HOSTILE = (
    "</style><script>alert(1)</script><img src=x onerror=alert(2)>\\n```\\n~~~~\\n<script>1</script> \\u202e"
)
OWN_CELLS = (
    f"rnngrade.check('a_ii', {{'g1': \"{HOSTILE}\"}})",
    f"def to_rnn_a(s0, Wssx, Wox):\n    raise ValueError(\"{HOSTILE}\")\n\nrnngrade.check('c_iii_general')",
    "import asyncio\nasyncio.get_running_loop().is_running()",
)
STAYS = {
    "div",
    "header",
    "section",
    "footer",
    "h1",
    "h2",
    "p",
    "span",
    "strong",
    "ul",
    "li",
    "a",
    "code",
    "pre",
}
STAYS |= {
    "table",
    "caption",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "details",
    "summary",
    "figure",
    "figcaption",
    "img",
}


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, dict[str, Any]]]:
    """Every cell's source, with what stands below it by type."""
    folder = tmp_path_factory.mktemp("notebook")
    shutil.copy(ROOT / "submissions_example" / "mit-6390-recitation-8" / "amara.py", folder / "answer.py")
    sources = [*re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL), *OWN_CELLS]
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(one) for one in sources])
    with pytest.MonkeyPatch.context() as patch:
        # The kernel of this environment, whatever a user has put up at home.
        patch.setenv("JUPYTER_DATA_DIR", str(folder))
        patch.setenv("IPYTHONDIR", str(folder))
        nbclient.NotebookClient(
            book, timeout=LONGEST_S, resources={"metadata": {"path": str(folder)}}
        ).execute()
    return [(cell.source, _below(cell)) for cell in book.cells]


def _below(cell: Any) -> dict[str, Any]:
    return dict(cell.outputs[-1].get("data", {})) if cell.outputs else {}


def reports(shown: list[tuple[str, dict[str, Any]]]) -> list[dict[str, Any]]:
    return [data for _, data in shown if "text/html" in data]


def test_a_report_is_there_as_html_markdown_and_text(shown: list[tuple[str, dict[str, Any]]]) -> None:
    asked = [
        source for source, _ in shown if re.search(r"^(report\b|rnngrade\.check)[^\n]*\n*\Z", source, re.M)
    ]
    assert len(asked) == 5
    assert len(reports(shown)) == 5
    for data in reports(shown):
        assert set(data) == {"text/html", "text/markdown", "text/plain"}
        assert "points" in data["text/plain"]
        assert data["text/markdown"].startswith("##")


def test_cells_ran_while_an_event_loop_was_running(shown: list[tuple[str, dict[str, Any]]]) -> None:
    assert shown[-1][1]["text/plain"] == "True"


class Elements(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.attributes |= {name for name, _ in attrs}


def test_what_strangers_write_is_text_in_a_notebook_too(shown: list[tuple[str, dict[str, Any]]]) -> None:
    assert sum("&lt;/style&gt;&lt;s" in data["text/html"] for data in reports(shown)) == 2
    for data in reports(shown):
        elements = Elements(data["text/html"])
        assert elements.names <= STAYS
        assert elements.attributes <= {"style", "alt", "src", "width", "height", "scope"}
        from_markdown = Elements(MarkdownIt().enable("table").render(data["text/markdown"]))
        assert not from_markdown.names & {"script", "img", "style", "svg", "iframe"}
        assert "\u202e" not in "".join(data.values())
