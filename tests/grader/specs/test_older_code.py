"""A file that asks for an Elman or Jordan network as `behaviour` is marked as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.grading import mark
from grader.kinds import find_kind, kind_names
from grader.model.submission import AnswerFile
from grader.specs import Kinds, find_exercise, load_exercise
from grader.submissions import build_submission

KINDS = Kinds(kind_names(), find_kind)
FILE = find_exercise("ntu-cz4042-tutorial-8").path


def as_written_before(text: str) -> str:
    """The shipped file with its code questions in the words of the kind that they had."""
    for cell, other in (("elman", "jordan"), ("jordan", "elman")):
        now = (
            f'kind = "code"\nfunction = "{cell}"\nnetwork = "library/{cell}"\n'
            f'others = [{{name = "{other}", network = "library/{other}"}}]\n'
        )
        assert now in text
        before, after = text.split(now)
        text = f'{before}kind = "behaviour"\nfunction = "{cell}"\nreference = "{cell}"\n' + after.replace(
            "[question.check.values]", "[question.check.instance]", 1
        )
    return text


def test_an_older_file_asks_for_the_same(tmp_path: Path) -> None:
    older = tmp_path / FILE.name
    older.write_text(as_written_before(FILE.read_text(encoding="utf-8")), encoding="utf-8")
    now, before = load_exercise(FILE, KINDS, with_examples=True), load_exercise(older, KINDS)
    for question in ("q1a_code", "q1b_code"):
        asked, same = (next(q for q in one.questions if q.id == question) for one in (now, before))
        assert (asked.kind, asked.params) == (same.kind, same.params)
    answer = build_submission("s", [AnswerFile("answer.py", asked.examples[0].answer.encode())])
    assert mark(before, answer, question_id=asked.id).questions[0].outcome.fraction == 1


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (('reference = "elman"', 'reference = "elmann"'), "no network is called 'library/elmann'"),
        (('function = "elman"\n', ""), "function"),
        (("b = [0.2, 0.2]\nc = [0.5]", "c = [0.5]"), "values: b is missing"),
    ],
)
def test_what_is_wrong_in_an_older_file_is_told(
    tmp_path: Path, change: tuple[str, str], message: str
) -> None:
    text = as_written_before(FILE.read_text(encoding="utf-8"))
    at = text.index('kind = "behaviour"')
    older = tmp_path / "older.toml"
    older.write_text(text[:at] + text[at:].replace(*change, 1), encoding="utf-8")
    with pytest.raises(Exception, match=message):
        load_exercise(older, KINDS)
