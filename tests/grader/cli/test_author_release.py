"""`rnngrade author release`: what is in a student's edition, what is told of its keys, who marks the rest."""

from __future__ import annotations

import base64
import json
import tomllib
from pathlib import Path

import pytest

from grader.cli import main

RIGHT, REASON = 4181, "since-it-is-kept"
QUESTION = """
[[question]]
id = "{id}"
label = "{id}"
points = 2
prompt = "Say {id}. ![A loop.](loop.svg)"
hints = ["free-hint", "paid-hint"]
{more}
[question.fields]
{fields}
[question.check]
{check}
"""
KEYS = {
    "numbers": ('y = "two"', f'kind = "numeric"\nvalues = {{y = [{RIGHT}, 2]}}', f"[{RIGHT}, 2]", "[1, 2]"),
    "gate": (
        'choice = "one"',
        f'kind = "choice"\noptions = {{forget = "F", write = "I"}}\nright = ["write"]\n'
        f'why = {{forget = "{REASON}"}}',
        "'B'",
        "'A'",
    ),
    "size": (
        'W = "shape"',
        'kind = "shape"\nsizes = {h = 17}\nshapes = {W = ["h", "1"]}',
        "(17, 1)",
        "(1, 17)",
    ),
    "grown": (
        'X = "shape"',
        'kind = "shape"\nsizes = ["h", "n"]\nshapes = {X = ["h", "h + n", "5*n"]}',
        "'h x (h + n) x 5n'",
        "'h x n x 1'",
    ),
    "sum": (
        'f = "formula"',
        'kind = "expression"\nsymbols = ["a"]\nexpressions = {f = "a + 987"}',
        "'a+987'",
        "'a'",
    ),
    "tall": (
        'Y = "shape"',
        'kind = "shape"\nsizes = ["h", "n"]\nshapes = {Y = "7*h x n"}',
        "'7h x n'",
        "'n x 7h'",
    ),
    "weights": (
        'w = "formula"',
        'kind = "numeric"\nsizes = ["h", "n"]\nvalues = {w = "h*(n + 613)"}',
        "'h*n + 613*h'",
        "'h*n'",
    ),
    "order": (
        't = "order"',
        'kind = "expression"\nsymbols = ["h", "n"]\nbig_o = {t = "h^6 * n^11"}',
        "'O(n^11 h^6)'",
        "'O(n)'",
    ),
    "memory": (
        'm = "order"',
        'kind = "count"\nsizes = ["h", "n"]\nbig_o = {m = "h^8 * n^13"}',
        "'O(n^13 h^8)'",
        "'O(n)'",
    ),
    "words": (
        'text = "why"',
        'kind = "text"\nrubric = [{id = "names-it", points = 2, text = "rubric-text"}]',
        "'So'",
        "'No'",
    ),
}
UNREADABLE = {
    "numbers": "[1, 2, 3]",
    "gate": "'C'",
    "size": "'wide'",
    "grown": "'h x q x n'",
    "sum": "'b + 1'",
    "tall": "'h x q'",
    "weights": "'h*q'",
    "order": "'O(q)'",
}
SVG = '<svg xmlns="http://www.w3.org/2000/svg"><!-- svg-comment --><path d="M0 0"/></svg>'


@pytest.fixture
def exercise(tmp_path: Path) -> Path:
    """One question for each kind that writes its key, with a picture, hints, an example and comments."""
    text = 'title = "T" # toml-comment\nsource = "S"\nhint_policy = {cost = [0, 1]}\n'
    for id, (fields, check, right, _) in KEYS.items():
        text += QUESTION.format(id=id, fields=fields, check=check, more="")
        text += (
            f'[[question.example]]\ntitle = "example-title"\nanswer = "{id} = {right}"\nverdict = "correct"\n'
        )
    (tmp_path / "loop.svg").write_text(SVG)
    path = tmp_path / "mine.toml"
    path.write_text(text)
    return path


def release(exercise: Path, *options: str) -> Path:
    folder = exercise.parent / "students"
    assert main(["author", "release", str(exercise), "-o", str(folder), *options]) == 0
    (found,) = folder.iterdir()
    return found


def report(exercise: Path, answer: str, capsys: pytest.CaptureFixture[str]) -> dict[str, dict[str, object]]:
    """What `submit` says of each question."""
    file = exercise.parent / "answer.py"
    file.write_text(answer)
    capsys.readouterr()
    main(["submit", str(file), "--exercise", str(exercise), "--format", "json"])
    file.unlink()
    return {one["id"]: one for one in json.loads(capsys.readouterr().out)["questions"]}


def answers(column: int) -> str:
    return "".join(f"{id} = {row[column]}\n" for id, row in KEYS.items())


def test_nothing_for_staff_is_in_it(exercise: Path):
    released = release(exercise)
    text = released.read_text()
    for word in ("toml-comment", "example-title", "rubric-text", "paid-hint", "hint_policy"):
        assert word not in text
    assert text.count("free-hint") == len(KEYS)
    picture = tomllib.loads(text)["picture"]["loop.svg"]["data"]
    assert base64.b64decode(picture.partition(",")[2]).decode() == SVG.replace("<!-- svg-comment -->", "")


def test_all_hints_are_in_it_if_asked_for(exercise: Path):
    text = release(exercise, "--hints", "all").read_text()
    assert text.count("paid-hint") == len(KEYS)
    assert "hint_policy" in text


@pytest.mark.parametrize("column", [2, 3])
def test_it_marks_as_the_full_one(exercise: Path, column: int, capsys):
    whole = report(exercise, answers(column), capsys)
    assert report(release(exercise), answers(column), capsys) == whole


def test_each_key_is_told_with_what_can_be_done_about_it(exercise: Path, capsys):
    release(exercise)
    out = capsys.readouterr().out
    for place in (
        "values.y (2 numbers)",
        "right (the right option)",
        "why.forget",
        "shapes.W",
        "expressions.f",
        "values.w (1 formula)",
        "big_o.t",
        "big_o.m",
    ):
        assert place in out
    for id in ("numbers", "gate", "size", "sum", "weights", "order", "memory"):
        assert f"withhold it: --withhold {id}" in out
    assert "marked by a person: there is no key" in out
    assert "10 keys can be read in it" in out


def test_of_an_exercise_that_draws_the_advice_is_one_that_is_taken(exercise: Path, capsys):
    drawn = "[variants.draw]\nk = {between = [1, 9]}\n"
    text = exercise.read_text().replace("[[question]]", drawn + "[[question]]", 1)
    exercise.write_text(text.replace("Say numbers.", "Say {k} numbers."))
    release(exercise)
    assert "withhold it: --variant CODE --withhold gate" in capsys.readouterr().out
    folder = exercise.parent / "one"
    options = ["--variant", "sample", "--withhold", "gate"]
    assert main(["author", "release", str(exercise), "-o", str(folder), *options]) == 0
    assert "withhold it: --withhold size" in capsys.readouterr().out


def test_what_is_withheld_cannot_be_read(exercise: Path, capsys):
    released = release(exercise, "--withhold", "keys")
    out = capsys.readouterr().out
    assert "no key can be read in it; 9 questions marked by your course only" in out
    check = {one["id"]: one["check"] for one in tomllib.loads(released.read_text())["question"]}
    assert check["numbers"]["values"] == {"y": [0, 0]}
    # The first option, whichever is right; that the others are there too is what is asked.
    assert check["gate"]["right"] == ["forget"]
    assert check["size"]["shapes"] == {"W": ["1", "1"]}
    assert check["grown"]["shapes"] == {"X": ["1", "1", "1"]}
    assert check["tall"]["shapes"] == {"Y": ["1", "1"]}
    assert check["sum"]["expressions"] == {"f": "0"}
    for word in (str(RIGHT), REASON, "987", "5*n", "7*h", "613", "h^6", "n^11", "h^8", "n^13"):
        assert word not in released.read_text()


@pytest.mark.parametrize("column", [2, 3])
def test_what_is_withheld_waits_for_the_course(exercise: Path, column: int, capsys):
    found = report(release(exercise, "--withhold", "keys"), answers(column), capsys)
    for id in KEYS.keys() - {"words"}:
        assert (found[id]["verdict"], found[id]["points"]) == ("pending", 0)
        assert [one["message"] for one in found[id]["feedback"]] == ["Handed in; marked by your course."]


def test_what_cannot_be_read_is_told_as_by_the_full_one(exercise: Path, capsys):
    answer = "".join(f"{id} = {value}\n" for id, value in UNREADABLE.items())
    whole = report(exercise, answer, capsys)
    found = report(release(exercise, "--withhold", "keys"), answer, capsys)
    assert {one["verdict"] for id, one in found.items() if id in UNREADABLE} == {"invalid"}
    assert found == whole


def test_the_file_may_say_what_is_withheld(exercise: Path, capsys):
    exercise.write_text(exercise.read_text().replace('id = "gate"', 'id = "gate"\nwithhold = true'))
    assert report(exercise, answers(2), capsys)["gate"]["verdict"] == "correct"
    assert report(release(exercise), answers(2), capsys)["gate"]["verdict"] == "pending"


def test_batch_marks_it_on_the_full_one_and_no_person_is_asked_to(exercise: Path, capsys):
    released = release(exercise, "--withhold", "keys")
    folder = exercise.parent / "class"
    folder.mkdir()
    (folder / "ada.py").write_text(answers(2))
    gradebook = str(exercise.parent / "gradebook.db")
    for file, verdict in ((released, "pending"), (exercise, "correct")):
        main(["batch", str(folder), "--exercise", str(file), "--gradebook", gradebook])
        capsys.readouterr()
        main(["queue", "list", "--gradebook", gradebook])
        waiting = capsys.readouterr().out
        assert "words" in waiting
        assert "gate" not in waiting
        main(["gradebook", "export", "--gradebook", gradebook, "--format", "json"])
        (record,) = json.loads(capsys.readouterr().out)
        assert {record["questions"][id]["verdict"] for id in UNREADABLE} == {verdict}


def test_an_edition_without_its_keys_says_so_to_whoever_marks_a_class_with_it(exercise: Path, capsys):
    released = release(exercise, "--withhold", "gate")
    folder = exercise.parent / "class"
    folder.mkdir()
    (folder / "ada.py").write_text(answers(2))
    main(["batch", str(folder), "--exercise", str(released), "--gradebook", str(exercise.parent / "g.db")])
    assert "mark with the full exercise" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--withhold", "gat"), "did you mean 'gate'?"),
        (("--variant", "no"), "is no variant code"),
        (("-o", "{full}"), "has files in it; name a new folder"),
        (("-o", "{file}"), "is a file; name a new folder"),
        (("-o", "{file}/below"), "cannot be made"),
        (("-o", "/proc/below"), "cannot be made"),
    ],
)
def test_bad_input_is_told_and_writes_nothing(exercise: Path, options: tuple[str, ...], told: str, capsys):
    full = exercise.parent / "full"
    full.mkdir()
    (full / "mine.toml").write_text("kept")
    (exercise.parent / "file").write_text("kept")
    made = [one.format(full=full, file=exercise.parent / "file") for one in options]
    folder = [] if "-o" in made else ["-o", str(exercise.parent / "students")]
    before = sorted(exercise.parent.rglob("*"))
    assert main(["author", "release", str(exercise), *folder, *made]) != 0
    assert told in " ".join(capsys.readouterr().err.split())
    assert sorted(exercise.parent.rglob("*")) == before
    assert (full / "mine.toml").read_text() == "kept"


def test_an_edition_is_not_released_again(exercise: Path, capsys):
    released = release(exercise)
    assert main(["author", "release", str(released), "-o", str(exercise.parent / "again")]) == 2
    assert "it is a student's edition already" in capsys.readouterr().err
    assert not (exercise.parent / "again").exists()


def test_whoever_waits_is_told_for_whom(exercise: Path, capsys):
    released = release(exercise, "--withhold", "keys")
    file = exercise.parent / "answer.py"
    file.write_text(answers(2))
    capsys.readouterr()
    main(["submit", str(file), "--exercise", str(released)])
    out = capsys.readouterr().out
    assert "All 10 questions are handed in; your course marks them." in out


def test_lint_of_an_edition_asks_for_no_examples(exercise: Path, capsys):
    released = release(exercise)
    capsys.readouterr()
    assert main(["author", "lint", str(released)]) == 2
    out = capsys.readouterr().out
    assert "lint the full exercise" in out
    assert "no example is" not in out
