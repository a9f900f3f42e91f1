"""`rnngrade show` in the terminal, in a file and as a page: the questions, and nothing that answers them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from grader.cli import main
from grader.cli._options import load_exercise

EXERCISES = ("mit-6390-recitation-8", "ntu-cz4042-tutorial-8", "threshold-networks", "rnn-by-formula")


@pytest.fixture(scope="module", params=EXERCISES)
def shown(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    path = tmp_path_factory.mktemp("shown") / "e.html"
    assert main(["show", request.param, "--output", str(path)]) == 0
    return request.param, path.read_text(encoding="utf-8")


def test_the_page_has_every_question_and_every_field(shown: tuple[str, str]) -> None:
    name, page = shown
    for question in load_exercise(name).questions:
        assert f'id="question-{question.id}"' in page
        assert all(f"<code>{field}</code>" in page for field in question.fields)


def test_the_page_has_no_formula_that_is_not_mathematics(shown: tuple[str, str]) -> None:
    name, page = shown
    written = load_exercise(name)
    formulas = sum(
        len(re.findall(r"\$\$[^$]+\$\$|\$[^$]+\$", text))
        for one in written.questions
        for text in (one.prompt, *one.fields.values(), *one.errata)
    )
    assert page.count("<math ") >= formulas
    assert "$" not in re.sub("(?s)<style>.*?</style>", "", page)


def test_hints_are_counted_and_not_told(shown: tuple[str, str]) -> None:
    name, page = shown
    for question in load_exercise(name).questions:
        for hint in question.hints:
            longest = max(re.split(r"\$[^$]*\$|`|\*\*|[<>&\"]", hint), key=len)
            assert longest.strip() not in page


def test_one_question_is_shown_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", EXERCISES[0], "b_i", "--format", "html"]) == 0
    told = capsys.readouterr().out
    assert "question-b_i" in told
    assert "question-b_ii" not in told


def test_a_text_file_is_no_page(tmp_path: Path) -> None:
    path = tmp_path / "e.txt"
    assert main(["show", EXERCISES[0], "-o", str(path)]) == 0
    assert "sₜ₋₁" in path.read_text(encoding="utf-8")


def test_wide_formulas_can_be_scrolled_by_keys(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "ntu-cz4042-tutorial-8", "--format", "html"]) == 0
    displayed = re.findall(r'<math [^>]*display="block"[^>]*>', capsys.readouterr().out)
    assert displayed
    assert all('tabindex="0"' in one for one in displayed)
