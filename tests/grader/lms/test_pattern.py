from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest

from grader.errors import SubmissionError
from grader.lms import read_class
from grader.submissions import collect_submitted


def test_groups_name_student_attempt_late_and_file(tmp_path: Path, layouts: ModuleType):
    files = {"w3/ada-1.py": b"x", "w3/ada-2-late.py": b"y", "w3/bela-1.py": b"z", "w3/x.txt": b"x"}
    layouts.lay_out(tmp_path, files)
    pattern = r"w3/(?P<student>\w+)-(?P<attempt>\d)(?P<late>-late)?\.py"
    listing = read_class(tmp_path, pattern=pattern)
    assert [(one.student, one.attempt, one.is_late) for one in listing.submissions] == [
        ("ada", 1, False),
        ("ada", 2, True),
        ("bela", 1, False),
    ]
    assert [one.path for one in listing.unmatched] == ["w3/x.txt"]


def test_pattern_of_nbgraders_documentation_works_as_it_stands(tmp_path: Path, layouts: ModuleType):
    layouts.lay_out(tmp_path, {"ps1_bitdiddle_attempt_2016-01-30-15-00-00_problem1.ipynb": b"{}"})
    pattern = r".*_(?P<student_id>\w+)_attempt_(?P<timestamp>[0-9\-]+)_(?P<file_id>\w+)"
    (submitted,) = read_class(tmp_path, pattern=pattern).submissions
    assert submitted.student == "bitdiddle"
    assert submitted.submitted_at == "2016-01-30T15:00:00"
    assert [file.name for file in collect_submitted(tmp_path, submitted).files] == ["problem1.ipynb"]


def test_several_files_of_a_student_are_one_submission(tmp_path: Path, layouts: ModuleType):
    layouts.lay_out(tmp_path, {"ada/a.py": b"x", "ada/deep/b.json": b"{}", "bela/a.py": b"x"})
    listing = read_class(tmp_path, pattern=r"(?P<student>[^/]+)/(?P<file>.+)")
    assert [sorted(one.names) for one in listing.submissions] == [["a.py", "b.json"], ["a.py"]]


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("(", "not a regular expression"),
        (".*", "needs a group named student"),
        ("(?P<student>.)(?P<stduent>.)", "names a group 'stduent'"),
    ],
)
def test_bad_pattern_is_one_clear_error(tmp_path: Path, pattern: str, words: str):
    with pytest.raises(SubmissionError, match=words):
        read_class(tmp_path, pattern=pattern)


def test_preset_and_pattern_exclude_each_other(tmp_path: Path):
    with pytest.raises(SubmissionError, match="cannot be used together"):
        read_class(tmp_path, preset="plain", pattern="(?P<student>.)")
