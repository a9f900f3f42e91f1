"""A file that a system numbered is imported by the name its author gave it, and none is lost to another.

Names: Canvas, app/models/attachment.rb, make_unique_filename ("a-1.py"); Moodle, get_unused_filename
("a (1).py"); browsers ("a (1).py", "a(1).py"); Jupyter ("a-Copy1.ipynb"); Windows ("a - Copy.py", "a - Copy
(2).py"); macOS ("a copy.py", "a copy 2.py", "a 2.py").
"""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from grader.cli import main
from grader.lms import read_class
from grader.submissions import collect, collect_submitted
from grader.submissions.answer_files import first_name

EXERCISE = "mit-6390-recitation-8"
USES = "from helper import SIX\na_ii = dict(g1=[SIX] * 4)\n"
SIX = "SIX = 6\n"
COPIES = ["-1", " (1)", "(1)", "-12", " - Copy", " - Copy (2)", " copy", " copy 2", " 2", "-Copy1", "-1 (1)"]


def folder(place: Path, files: dict[str, str]) -> Path:
    place.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (place / name).write_text(text)
    return place


@pytest.mark.parametrize("number", COPIES)
def test_number_of_a_copy_is_no_part_of_the_first_name(number: str):
    assert first_name(f"helper{number}.py") == "helper.py"


@pytest.mark.parametrize("name", ["helper.py", "helper_1.py", "q1.py", "1.py", "-1.py", "(1).py", "v2.0.py"])
def test_other_names_are_first_names(name: str):
    assert first_name(name) == name


@pytest.mark.parametrize("number", COPIES)
@pytest.mark.parametrize("main_file", ["answer.py", "answer{}.py", "my work.py"])
def test_copies_import_each_other_by_their_first_name(tmp_path: Path, number: str, main_file: str):
    place = folder(tmp_path / "ada", {main_file.format(number): USES, f"helper{number}.py": SIX})
    assert {file.name for file in collect(place).files} >= {"helper.py"}
    (submitted,) = read_class(tmp_path).submissions
    assert {file.name for file in collect_submitted(tmp_path, submitted).files} >= {"helper.py"}


@pytest.mark.parametrize(
    "line",
    [
        *("import helper", "import numpy as np, helper as h", "from helper import *", "import helper.x"),
        *('__import__("helper")', 'importlib.import_module("helper")', "if x: import helper"),
    ],
)
def test_any_way_to_import_is_seen(tmp_path: Path, line: str):
    files = {"answer.py": f"{line}\n", "helper-3.py": SIX, "helper-12.py": "SIX = 6.0\n"}
    got = {file.name: file.data for file in collect(folder(tmp_path / "ada", files)).files}
    # The later of two uploads is meant.
    assert sorted(got) == ["answer.py", "helper-3.py", "helper.py"]
    assert got["helper.py"] == b"SIX = 6.0\n"


@pytest.mark.parametrize(
    "files",
    [
        {"answer.py": "from helper import SIX\n", "helper.py": SIX, "helper-1.py": "SIX = 5\n"},
        {"part-1.py": "a = 1\n", "part-2.py": "b = 2\n"},
        {"answer.py": "from my_helper import SIX\n", "helper-1.py": SIX},
        {"answer.py": "import numpy.helper\n", "helper-1.py": SIX},
    ],
)
def test_nothing_is_renamed_that_nobody_imports(tmp_path: Path, files: dict[str, str]):
    assert {file.name for file in collect(folder(tmp_path / "ada", files)).files} == set(files)


def test_module_may_have_letters_of_any_script(tmp_path: Path):
    files = {"answer.py": "from he\u0301lp import SIX\n", "h\u00e9lp (2).py": SIX}
    assert [file.name for file in collect(folder(tmp_path / "ada", files)).files] == [
        "answer.py",
        "h\u00e9lp.py",
    ]


def test_notebook_imports_a_copy(tmp_path: Path):
    cell = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "source": USES}
    book = json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]})
    place = folder(tmp_path / "ada", {"answer (1).ipynb": book, "helper (1).py": SIX})
    assert [file.name for file in collect(place).files] == ["answer (1).ipynb", "helper.py"]


@pytest.mark.parametrize(
    "names",
    [
        ("part.py", "part.PY"),
        ("part.Py", "part.pY", "part.py"),
        ("pa\u0300rt.py", "p\u00e0rt.py"),
        ("a\t.py", "a\n.py"),
    ],
)
def test_names_that_come_to_be_one_are_all_read(tmp_path: Path, names: tuple[str, ...]):
    files = {name: f"v{at} = {at}\n" for at, name in enumerate(names)}
    place = folder(tmp_path / "class" / "ada", files)
    (submitted,) = read_class(tmp_path / "class").submissions
    with zipfile.ZipFile(tmp_path / "ada.zip", "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    (packed,) = (one for one in read_class(tmp_path).submissions if one.paths == ("ada.zip",))
    for got in (
        collect(place),
        collect_submitted(tmp_path / "class", submitted),
        collect_submitted(tmp_path, packed),
    ):
        assert {file.data.decode() for file in got.files} == set(files.values())
        assert len({file.name for file in got.files}) == len(names)


def test_answers_in_files_that_differ_in_case_both_count(tmp_path: Path, capsys):
    place = folder(tmp_path / "ada", {"part.py": "x_1 = 1\n", "part.PY": "a_ii = dict(g1=[6, 6, 6, 6])\n"})
    main(["submit", str(place), "--exercise", EXERCISE, "--format", "json"])
    report = json.loads(capsys.readouterr().out)
    assert {one["id"]: one["verdict"] for one in report["questions"]}["a_ii"] == "correct"


def test_canvas_files_that_were_uploaded_again_get_full_marks(tmp_path: Path, capsys):
    files = {
        "doejane_1002_50002_answer-1.py": USES,
        "doejane_1002_50003_helper-1.py": SIX,
        "roebob_1005_50005_answer.py": USES.replace("from helper import SIX", "SIX = 6.0"),
    }
    place = folder(tmp_path / "class", files)
    common = ["--exercise", EXERCISE, "--gradebook", str(tmp_path / "g.db"), "--jobs", "1"]
    assert main(["batch", str(place), *common]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first.split()[1:] == second.split()[1:]
    assert "1 correct" in first
