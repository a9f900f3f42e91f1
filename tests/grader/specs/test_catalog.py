from __future__ import annotations

import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest

from grader.errors import SpecError
from grader.specs import find_exercise, installed_exercises, list_exercises
from grader.specs.catalog import BROKEN, ExerciseFile, read_listing
from grader.specs.decoding import fraction_text, read_fraction

SOUND = Path(__file__).parent / "sound.toml"


def test_every_installed_exercise_is_listed_with_a_title():
    listed = {one.id: one for one in list_exercises()}
    assert "mit-6390-recitation-8" in listed
    assert all(one.title and one.title != BROKEN and one.question_ids for one in listed.values())


def test_an_exercise_that_is_read_when_asked_says_what_its_listing_says():
    names = ("id", "question_ids", "functions", "field_names")
    wanted = [[getattr(one, name) for name in names] for one in list_exercises()]
    assert [[getattr(one, name) for name in names] for one in installed_exercises()] == wanted


def test_listing_loads_no_check_and_no_numpy():
    code = (
        "import sys, grader.specs as s; s.list_exercises();"
        "print([m for m in sys.modules if m.startswith(('grader.kinds', 'numpy', 'sympy', 'rich'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_listing_knows_the_names_an_answer_would_use():
    listing = read_listing(ExerciseFile(SOUND, "sound.toml"))
    assert listing.question_ids == ("a", "b")
    assert listing.functions == ("unroll",)
    assert listing.field_names == ("W",)
    assert listing.points == "4.5"


def test_broken_file_is_listed_as_broken(tmp_path: Path):
    path = tmp_path / "one.toml"
    path.write_text("title = ")
    assert read_listing(ExerciseFile(path, "one.toml")).title == BROKEN


def test_exercise_is_found_by_id_or_by_path():
    assert find_exercise("mit-6390-recitation-8").path.is_file()
    assert find_exercise(str(SOUND)).path == SOUND


def test_unknown_id_offers_the_nearest():
    with pytest.raises(SpecError, match="did you mean 'mit-6390-recitation-8'"):
        find_exercise("mit-6390-recitation8")


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("4", "4"),
        ("5/2", "2.5"),
        ("1/8", "0.125"),
        ("79/2", "39.5"),
        ("1/3", "1/3"),
        ("7/16", "7/16"),
        ("-3/4", "-0.75"),
    ],
)
def test_points_are_listed_as_people_write_them(number: str, text: str):
    assert fraction_text(Fraction(number)) == text
    assert read_fraction(text) == Fraction(number)
