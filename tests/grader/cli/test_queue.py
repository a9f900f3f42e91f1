"""`rnngrade queue` as it is typed, from the class folder to the mark that stands."""

from __future__ import annotations

import contextlib
import csv
import io
import shutil
from pathlib import Path

import pytest

from grader.cli import main
from tests.grader.words_exercise import WORDS

ADA = "Many factors below one are multiplied, step after step."


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a class and its gradebook; only copied."""
    made = tmp_path_factory.mktemp("marked")
    (made / "words.toml").write_text(WORDS)
    folder, place = made / "class", made / "gradebook.db"
    folder.mkdir()
    (folder / "ada.py").write_text(f"w = {ADA!r}")
    (folder / "bo.py").write_text(f"w = {ADA.upper()!r}")
    (folder / "cy.py").write_text("w = '''The loss is flat.\\n\\x1b[2Jw-1: first mark'''")
    common = ["--exercise", str(made / "words.toml"), "--gradebook", str(place), "--jobs", "1"]
    with contextlib.redirect_stderr(io.StringIO()) as told:
        assert main(["batch", str(folder), *common]) == 0
    assert "3 students wait for a person's mark" in told.getvalue()
    return made


@pytest.fixture
def gradebook(marked: Path, tmp_path: Path) -> str:
    shutil.copytree(marked, tmp_path, dirs_exist_ok=True)
    return str(tmp_path / "gradebook.db")


def run(capsys, gradebook: str, *arguments: str) -> tuple[int, str]:
    capsys.readouterr()
    code = main([*arguments, "--gradebook", gradebook])
    out, err = capsys.readouterr()
    return code, out + err


def entry_of(capsys, gradebook: str, student: str) -> str:
    told = run(capsys, gradebook, "queue", "list", "--all")[1]
    return next(line.split()[0] for line in told.splitlines() if f"  {student}  " in line)


def test_from_the_list_to_the_mark_that_the_gradebook_shows(gradebook: str, capsys):
    entry = entry_of(capsys, gradebook, "ada")
    code, told = run(capsys, gradebook, "queue", "mark", entry, "--item", "product", "--who", "X")
    assert (code, "2 points (product) by X" in told) == (0, True)
    assert run(capsys, gradebook, "queue", "list")[1].startswith("2 wait, 1 marked\n")
    _, told = run(capsys, gradebook, "gradebook", "show", "--student", "ada")
    assert "2 / 3" in told
    assert "A product, yes." in run(capsys, gradebook, "gradebook", "history", "ada")[1]


def test_texts_that_are_alike_are_shown_with_it_and_others_are_not(gradebook: str, capsys):
    told = run(capsys, gradebook, "queue", "show", entry_of(capsys, gradebook, "ada"))[1]
    assert "like it by 100%" in told
    assert ADA.upper() in told
    assert "The loss is flat" not in told


def test_nobody_is_named_where_that_is_asked_for(gradebook: str, capsys):
    entry = entry_of(capsys, gradebook, "ada")
    for command in (["list"], ["show", entry], ["next", "--who", "X"]):
        told = run(capsys, gradebook, "queue", *command, "--anonymous")[1]
        assert not {"ada", "bo", "cy"} & set(told.replace(",", " ").split())


def test_a_text_cannot_look_like_a_line_of_ours(gradebook: str, capsys):
    told = run(capsys, gradebook, "queue", "show", entry_of(capsys, gradebook, "cy"))[1]
    assert "\x1b" not in told
    assert not any(line.startswith("w-1: first mark") for line in told.splitlines())


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ([], "give --points, or --item"),
        (["--item", "prodct"], "did you mean 'product'"),
        (["--points", "4"], "4 is not between 0 and 3"),
        (["--points", "nan"], "'nan' is no number"),
        (["--points", "1e999999"], "is no number"),
        (["--points", "-1"], "-1 is not between"),
        (["--points", "1", "--settle"], "no two marks to settle"),
    ],
)
def test_what_cannot_be_given_is_refused_and_nothing_is_kept(gradebook: str, capsys, typed, told):
    entry = entry_of(capsys, gradebook, "ada")
    code, found = run(capsys, gradebook, "queue", "mark", entry, "--who", "X", *typed)
    assert code == 2
    assert told in found
    assert run(capsys, gradebook, "queue", "list")[1].startswith("3 wait, 0 marked\n")


def test_an_entry_that_is_not_there_is_named(gradebook: str, capsys):
    code, told = run(capsys, gradebook, "queue", "show", "w-99")
    assert code == 2
    assert "the queue has no 'w-99'" in told


def sheet_of(capsys, gradebook: str, tmp_path: Path, **cells: dict[str, str]) -> str:
    """The exported queue with cells filled in, by student."""
    told = run(capsys, gradebook, "queue", "export")[1]
    rows = list(csv.DictReader(io.StringIO(told)))
    for row in rows:
        row |= cells.get(row["student"], {})
    path = tmp_path / "filled.csv"
    with path.open("w", newline="") as file:
        # As a German spreadsheet writes it.
        writer = csv.DictWriter(file, list(rows[0]), delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
    return str(path)


def test_a_sheet_goes_out_and_comes_back_and_a_second_time_changes_nothing(gradebook, capsys, tmp_path):
    filled = {"ada": {"items": "product below-one"}, "bo": {"points": "1,5", "comment": "=Half"}}
    sheet = sheet_of(capsys, gradebook, tmp_path, **filled)
    code, told = run(capsys, gradebook, "queue", "import", sheet, "--who", "X")
    assert (code, told) == (0, "2 marks kept, 0 there already, 0 not taken\n")
    shown = run(capsys, gradebook, "gradebook", "show")[1]
    assert "3 / 3" in shown
    assert "1.5 / 3" in shown
    again = sheet_of(capsys, gradebook, tmp_path)
    code, told = run(capsys, gradebook, "queue", "import", again, "--who", "X")
    assert (code, told) == (0, "0 marks kept, 2 there already, 0 not taken\n")


def test_a_sheet_never_replaces_a_mark_and_the_rest_of_it_is_taken(gradebook, capsys, tmp_path):
    run(capsys, gradebook, "queue", "mark", entry_of(capsys, gradebook, "ada"), "--points", "1", "--who", "Y")
    sheet = sheet_of(capsys, gradebook, tmp_path, ada={"points": "3"}, bo={"points": "2"})
    code, told = run(capsys, gradebook, "queue", "import", sheet, "--who", "X")
    assert code == 2
    assert "marked already: 1 points by Y" in told
    assert "1 mark kept, 0 there already, 1 not taken" in told
    assert "1 / 3" in run(capsys, gradebook, "gradebook", "show", "--student", "ada")[1]


@pytest.mark.parametrize(
    "cells", [{"points": "many"}, {"items": "nothing"}, {"points": "1", "entry": "w-99"}]
)
def test_a_row_that_cannot_be_meant_stops_the_sheet(gradebook, capsys, tmp_path, cells):
    sheet = sheet_of(capsys, gradebook, tmp_path, ada={"points": "1"}, bo=cells)
    code, told = run(capsys, gradebook, "queue", "import", sheet, "--who", "X")
    assert code == 2
    assert "nothing was taken" in told
    assert ": row " in told
    assert run(capsys, gradebook, "queue", "list")[1].startswith("3 wait, 0 marked\n")


@pytest.mark.parametrize("data", [b"", b"\xff\xfe", b"a,b\n1,2\n", b'entry,points\n"'])
def test_a_file_that_is_no_sheet_is_refused(gradebook, capsys, tmp_path, data):
    (tmp_path / "x.csv").write_bytes(data)
    code, told = run(capsys, gradebook, "queue", "import", str(tmp_path / "x.csv"), "--who", "X")
    assert code == 2
    assert "Traceback" not in told


def test_a_sheet_that_is_not_there_is_named(gradebook, capsys, tmp_path):
    for path in (tmp_path / "none.csv", tmp_path):
        code, told = run(capsys, gradebook, "queue", "import", str(path), "--who", "X")
        assert code == 2
        assert "cannot be read" in told


def test_lint_asks_no_right_answer_of_a_question_for_words(tmp_path, capsys):
    (tmp_path / "words.toml").write_text(WORDS)
    assert main(["author", "lint", str(tmp_path / "words.toml")]) == 0
    assert "no example" not in capsys.readouterr().out
