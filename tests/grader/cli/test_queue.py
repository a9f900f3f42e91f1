"""`rnngrade queue` as it is typed, from the class folder to the mark that stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.cli import main

WORDS = """
title = "Words"
source = "own"
[[question]]
id = "w"
label = "1"
points = 3
prompt = "Why do gradients vanish?"
[question.fields]
text = "a sentence"
[question.check]
kind = "text"
rubric = [{id = "product", points = 2, text = "names the product", comment = "A product, yes."},
          {id = "below-one", points = 1, text = "says that factors are below one"}]
"""
ADA = "Many factors below one are multiplied, step after step."


@pytest.fixture
def gradebook(tmp_path: Path, capsys) -> str:
    (tmp_path / "words.toml").write_text(WORDS)
    folder, place = tmp_path / "class", tmp_path / "gradebook.db"
    folder.mkdir()
    (folder / "ada.py").write_text(f"w = {ADA!r}")
    (folder / "bo.py").write_text(f"w = {ADA.upper()!r}")
    (folder / "cy.py").write_text("w = '''The loss is flat.\\n\\x1b[2Jw-1: first mark'''")
    common = ["--exercise", str(tmp_path / "words.toml"), "--gradebook", str(place), "--jobs", "1"]
    assert main(["batch", str(folder), *common]) == 0
    assert "3 students wait for a person's mark" in capsys.readouterr().err
    return str(place)


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
