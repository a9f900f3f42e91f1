"""The report as a page: everything is told, nothing of a stranger's is markup, nothing is loaded."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser
from types import ModuleType

import msgspec
import pytest

from grader.model.outcome import Diagnosis, Feedback, Verdict
from grader.reports import View, find_format

HOSTILE = (
    "</style></pre><script>alert(1)</script><img src=x onerror=alert(2)>"
    "\"' onload=x $\\href{javascript:1}{y}$ &lt;b&gt;"
)
ELEMENTS = {
    *(
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "main",
        "header",
        "footer",
        "section",
        "h1",
        "h2",
        "p",
    ),
    *(
        "ul",
        "li",
        "a",
        "span",
        "strong",
        "code",
        "pre",
        "div",
        "table",
        "caption",
        "thead",
        "tbody",
        "tr",
        "th",
    ),
    *(
        "td",
        "svg",
        "rect",
        "path",
        "text",
        "figure",
        "figcaption",
        "details",
        "summary",
        "math",
        "mrow",
        "mi",
    ),
    *("mn", "mo", "msub", "msup"),
}
VOID = {"meta"}


class Page(HTMLParser):
    """What a browser sees: elements with their attributes, and text outside of the style."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.words += data


def rendered(report: object, view: View | None = None) -> str:
    return find_format("html").render(report, view or View())


def test_every_question_has_its_verdict_points_and_message(sample: ModuleType) -> None:
    words = " ".join(Page(rendered(sample.everything())).words.split())
    for expected in (
        "partial",
        "1.333 / 4",
        "Output 4 is not the sum.",
        "Likely cause: the sum forgets",
        "open / 2.5",
    ):
        assert expected in words


def test_only_known_elements_are_there_and_all_are_closed(sample: ModuleType) -> None:
    page = Page(rendered(sample.everything(), View(hints=3)))
    assert {tag for tag, _ in page.elements} <= ELEMENTS
    assert page.open == []


def test_staff_feedback_is_for_staff_only(sample: ModuleType) -> None:
    assert "secret" not in rendered(sample.everything())
    assert "secret" in rendered(sample.everything(), View(audience="staff"))


def test_nothing_that_a_stranger_wrote_is_markup(sample: ModuleType) -> None:
    evidence = {"counterexample": {"inputs": {HOSTILE: HOSTILE}, "expected": [[HOSTILE]], "got": [[1]]}}
    hostile = sample.question(
        "a", Verdict.INCORRECT, "0", HOSTILE, evidence=evidence, diagnoses=(Diagnosis("x", HOSTILE),)
    )
    page = Page(rendered(sample.report(hostile, student=HOSTILE, output=HOSTILE, notes=(HOSTILE,))))
    assert {tag for tag, _ in page.elements} <= ELEMENTS
    assert not {name for _, attributes in page.elements for name in attributes} & {
        "src",
        "onerror",
        "onload",
        "style",
    }
    assert page.words.count("<script>alert(1)</script>") >= 6
    assert page.open == []


def test_page_loads_and_runs_nothing_and_its_policy_knows_its_style(sample: ModuleType) -> None:
    text = rendered(sample.everything(), View(hints=3))
    page = Page(text)
    style = re.search(r"<style>(.*?)</style>", text, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    policies = [
        a["content"] or "" for _, a in page.elements if a.get("http-equiv") == "Content-Security-Policy"
    ]
    assert len(policies) == 1
    assert f"style-src 'sha256-{digest}'" in policies[0]
    assert "default-src 'none'" in policies[0]
    assert "unsafe" not in policies[0]
    links = [a[name] or "" for _, a in page.elements for name in ("href", "src") if name in a]
    assert links
    assert all(link.startswith("#") for link in links)
    assert "http" not in style[1]
    assert set(re.findall(r"url\((.{15})", style[1])) <= {"data:font/woff2"}


def test_links_lead_to_the_questions(sample: ModuleType) -> None:
    page = Page(rendered(sample.everything()))
    ids = [a["id"] for _, a in page.elements if "id" in a]
    assert len(set(ids)) == len(ids)
    assert {f"#{one}" for one in ids} >= {a["href"] for tag, a in page.elements if tag == "a"}


def test_formulas_of_hints_are_mathematics_and_of_students_are_not(sample: ModuleType) -> None:
    asked = sample.question("a", Verdict.INCORRECT, "0", "$x_1$ is wrong.", hints=("Look at $h_t$.",))
    page = Page(rendered(sample.report(asked), View(hints=1)))
    assert sum(tag == "math" for tag, _ in page.elements) == 1
    assert "$x_1$ is wrong." in page.words


def test_losses_are_drawn_with_their_numbers_beside_them(sample: ModuleType) -> None:
    losses = [100.0, 10.0, 1.0, "nan", 0.1]
    asked = sample.question("a", Verdict.CORRECT, "1", evidence={"losses": losses, "every": 1})
    text = rendered(sample.report(asked))
    page = Page(text)
    curve = next(a["d"] or "" for tag, a in page.elements if tag == "path" and a.get("class") == "first")
    heights = [float(y) for y in re.findall(r"[ML][\d.]+ ([\d.]+)", curve)]
    # The axis is logarithmic: each tenth is one step down, the last two.
    assert heights[1] - heights[0] == pytest.approx(heights[2] - heights[1], abs=0.2)
    assert heights[3] - heights[2] == pytest.approx(heights[1] - heights[0], abs=0.2)
    assert curve.count("M") == 2
    assert "nan" in page.words


def test_messages_of_several_lines_keep_their_lines(sample: ModuleType) -> None:
    feedback = "1 + * 2\n    ^ here"
    text = rendered(sample.report(sample.question("a", Verdict.INVALID, "0", feedback)))
    assert "<pre>1 + * 2\n    ^ here</pre>" in text


def test_feedback_that_all_questions_share_stands_once(sample: ModuleType) -> None:
    shared = Feedback("late", "Handed in too late.")
    wrong = [sample.question(name, Verdict.INCORRECT, "0", f"{name} is wrong.") for name in ("a", "b")]
    given = [
        msgspec.structs.replace(
            one, outcome=msgspec.structs.replace(one.outcome, feedback=(shared, *one.outcome.feedback))
        )
        for one in wrong
    ]
    assert Page(rendered(sample.report(*given))).words.count("Handed in too late.") == 1
