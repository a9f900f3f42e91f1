from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import GraderError
from grader.lms.feedback import feedback_name, unique_names, write_feedback
from grader.reports import find_format
from grader.reports.json_report import report_from_record


@pytest.mark.parametrize(
    ("return_name", "name"),
    [
        ("adaada_LATE_1001_500001_answer.py", "adaada_LATE_1001_500001_answer.html"),
        ("dariodario_1004_text.html", "dariodario_1004_text.html"),
        ("Ada A_2001_assignsubmission_file_feedback.html", "Ada A_2001_assignsubmission_file_feedback.html"),
        ("rnn-hw3-bela.b", "rnn-hw3-bela.b.html"),
        ("", "ada@x.html"),
        ("../../x.py", "_.._x.html"),
        ("a\n\u202e.py", "a__.html"),
        ("...", "feedback.html"),
    ],
)
def test_file_is_called_as_the_submission(return_name: str, name: str):
    assert feedback_name(return_name, "ada@x", ".html") == name


def test_canvas_finds_user_and_file_in_the_name():
    """As Canvas does: the first two parts between underscores that are numbers."""
    name = feedback_name("adaada_LATE_1001_500001_answer_7.py", "1001", ".html")
    assert [part for part in name.split("_") if re.fullmatch(r"\d+", part)][:2] == ["1001", "500001"]


def test_moodle_finds_participant_and_plugin_in_the_name():
    """As Moodle does: five parts at most, the second the number, then the plugin's type and name."""
    name = feedback_name("Ada A_2001_assignsubmission_file_feedback.html", "2001", ".html")
    assert name.split("_", 4) == ["Ada A", "2001", "assignsubmission", "file", "feedback.html"]


@given(st.text(), st.text())
def test_any_name_is_one_plain_file_name(return_name: str, student: str):
    name = feedback_name(return_name, student, ".txt")
    assert name.isprintable()
    assert "/" not in name
    assert name not in (".", "..", ".txt")
    assert len(name.encode()) < 255


def test_names_that_differ_in_case_stay_apart():
    assert unique_names({"a": "x.txt", "b": "X.txt", "c": "x-2.txt"}) == {
        "a": "x.txt",
        "b": "X-2.txt",
        "c": "x-2-2.txt",
    }


def test_zip_is_the_same_each_time(tmp_path: Path):
    for name in ("a.zip", "b.zip"):
        write_feedback(tmp_path / name, {"b.txt": "two", "a.txt": "one"})
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    assert zipfile.ZipFile(tmp_path / "a.zip").namelist() == ["a.txt", "b.txt"]


def test_link_is_replaced_and_not_written_through(tmp_path: Path):
    (tmp_path / "secret").write_text("kept")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "a.txt").symlink_to(tmp_path / "secret")
    write_feedback(tmp_path / "out", {"a.txt": "one"})
    assert (tmp_path / "secret").read_text() == "kept"
    assert (tmp_path / "out" / "a.txt").read_text() == "one"


def test_report_read_back_is_the_same_report(sample: ModuleType):
    whole = sample.everything()
    text = find_format("json").render(whole)
    again = report_from_record(json.loads(text), whole.title)
    assert find_format("json").render(again) == text
    assert again.questions[1].outcome.fraction == whole.questions[1].outcome.fraction


@pytest.mark.parametrize("record", [{}, {"schema": "other"}, {"schema": "rnngrade/report/1"}])
def test_other_records_are_refused(record: dict[str, str]):
    with pytest.raises(GraderError):
        report_from_record(record)
