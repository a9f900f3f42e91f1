"""Nothing that is for staff, and no value of the key, is in anything that a student can get."""

from __future__ import annotations

import importlib
import itertools
import zipfile
from fractions import Fraction
from pathlib import Path
from typing import Annotated

import pytest
from msgspec import UNSET, UnsetType

from grader.cli import main
from grader.model.evidence import COUNTEREXAMPLE, LEVELS, Evidence
from grader.model.outcome import Feedback, Outcome, Verdict
from grader.reports import find_format, format_names

MARKING = importlib.import_module("grader.grading.mark")
KEY = "0.7310585786"
PATH = "/srv/grader/course-2026/secret.py"
WORD = "only-staff-may-read-this"
FORBIDDEN = (KEY, PATH, WORD)
TOLD = "One of the numbers differs."
PLATFORMS = ("catsoop", "gradescope", "prairielearn", "classroom50")
VERDICTS = (Verdict.CORRECT, Verdict.PARTIAL, Verdict.INCORRECT, Verdict.INVALID, Verdict.MISSING)

EXERCISE = f'''
title = "Planted"
source = "nowhere"
reveal = "location"

[[question]]
id = "q"
label = "1"
points = 4
prompt = "Give y."

[question.fields]
y = "a number"

[question.check]
kind = "numeric"
values = {{y = "{KEY}"}}
places = 10

[[question.example]]
title = "Right"
answer = "q = dict(y='{KEY}')"
verdict = "correct"

[[question.example]]
title = "Wrong"
answer = "q = dict(y=0)"
verdict = "incorrect"
'''


class Facts(Evidence, frozen=True, kw_only=True):
    """What a kind would show of a wrong answer."""

    counterexample: Annotated[dict[str, object] | UnsetType, COUNTEREXAMPLE] = UNSET


def planted(verdict: Verdict) -> Outcome:
    """An outcome with all that may not be told: a word, a path, and the key where reveal keeps it back."""
    is_marked = verdict in (Verdict.CORRECT, Verdict.PARTIAL, Verdict.INCORRECT)
    above = (Feedback("wanted", f"y should be {KEY}", level="counterexample"),) if is_marked else ()
    return Outcome(
        verdict=verdict,
        fraction=Fraction(verdict is Verdict.CORRECT),
        feedback=(
            Feedback("seen", f"{WORD}: {PATH}, line 3", "staff", "verdict"),
            Feedback("seen", TOLD, level="verdict"),
            Feedback("crash", f"Traceback:\n  {PATH}\n{KEY}\n{WORD}", "staff", "working"),
            *above,
        ),
        evidence=(Facts(counterexample={"inputs": [[1]], "expected": [[KEY]], "got": [[0]]}),),
    )


@pytest.fixture
def exercise(tmp_path: Path) -> str:
    path = tmp_path / "planted.toml"
    path.write_text(EXERCISE)
    return str(path)


@pytest.fixture
def answer(tmp_path: Path) -> Path:
    folder = tmp_path / "class"
    folder.mkdir()
    (folder / "ada.json").write_text('{"q": {"y": 0}}')
    return folder / "ada.json"


@pytest.fixture(params=VERDICTS)
def outcome(request, monkeypatch: pytest.MonkeyPatch) -> Outcome:
    """What every question is found to be."""
    found = planted(request.param)
    monkeypatch.setattr(MARKING, "judge_question", lambda *_: found)
    return found


def require_clean(*texts: str) -> None:
    for text, secret in itertools.product(texts, FORBIDDEN):
        assert secret not in text


def told(text: str) -> bool:
    """Whether what students are told is there, however it is wrapped and escaped."""
    return TOLD in " ".join(text.split())


@pytest.mark.parametrize("form", format_names())
@pytest.mark.parametrize("most", LEVELS)
def test_reports_on_the_terminal(outcome, answer: Path, exercise: str, capsys, form: str, most: str):
    main(["submit", str(answer), "--exercise", exercise, "--format", form, "--reveal", most])
    out, err = capsys.readouterr()
    # JUnit has no text for a case that is solved.
    assert told(out) or (form == "junit" and outcome.verdict is Verdict.CORRECT)
    require_clean(out, err)


@pytest.mark.parametrize("form", format_names())
@pytest.mark.parametrize("most", ["verdict", "location"])
def test_less_may_be_asked_for_than_the_exercise_shows(
    outcome: Outcome, answer: Path, exercise: str, capsys, form: str, most: str
):
    """The exercise would show counterexamples; the option keeps them back."""
    Path(exercise).write_text(EXERCISE.replace('reveal = "location"', 'reveal = "working"'))
    main(["submit", str(answer), "--exercise", exercise, "--format", form, "--reveal", most])
    require_clean(*capsys.readouterr())


@pytest.mark.parametrize("form", format_names())
def test_reports_in_files(outcome, answer: Path, exercise: str, tmp_path: Path, capsys, form: str):
    path = tmp_path / f"report{find_format(form).SUFFIX}"
    main(["submit", str(answer), "--exercise", exercise, "--output", str(path), "--hints", "9"])
    require_clean(path.read_text(), *capsys.readouterr())


@pytest.mark.parametrize("form", format_names())
def test_staff_read_it_where_they_ask(answer: Path, exercise: str, monkeypatch, capsys, form: str):
    monkeypatch.setattr(MARKING, "judge_question", lambda *_: planted(Verdict.INCORRECT))
    main(["submit", str(answer), "--exercise", exercise, "--format", form, "--audience", "staff"])
    out = capsys.readouterr().out
    assert WORD in out
    assert told(out)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_result_files(outcome, answer: Path, exercise: str, tmp_path: Path, capsys, platform: str):
    path = tmp_path / "results.json"
    places = ["--submission", str(answer.parent), "--results", str(path)]
    assert main(["harness", platform, "--exercise", exercise, *places, "--hints", "9"]) == 0
    out, err = capsys.readouterr()
    require_clean(path.read_text(), out)
    if platform != "gradescope":  # the only one that keeps standard error from students
        require_clean(err)


@pytest.mark.parametrize("form", format_names())
@pytest.mark.parametrize("place", ["feedback", "feedback.zip"])
def test_feedback(outcome, answer: Path, exercise: str, tmp_path: Path, capsys, form: str, place: str):
    kept = keep(answer, exercise, tmp_path)
    target = tmp_path / place
    asked = ["--exercise", exercise, "--gradebook", kept, "--format", form, "-o", str(target)]
    assert main(["feedback", str(answer.parent), *asked, "--hints", "9"]) == 0
    texts = texts_in(target)
    assert len(texts) == 1
    assert told(texts[0]) or (form == "junit" and outcome.verdict is Verdict.CORRECT)
    require_clean(*texts, *capsys.readouterr())
    assert main(["gradebook", "history", "ada", "--gradebook", kept]) == 0
    assert WORD in capsys.readouterr().out


def texts_in(place: Path) -> list[str]:
    if place.suffix == ".zip":
        with zipfile.ZipFile(place) as archive:
            return [archive.read(name).decode() for name in archive.namelist()]
    return [path.read_text() for path in place.iterdir()]


def keep(answer: Path, exercise: str, tmp_path: Path) -> str:
    """A gradebook with the report of the answer, as `batch` keeps it."""
    from grader.cli._options import load_exercise
    from grader.gradebook.gradebook import open_gradebook
    from grader.gradebook.records import Attempt, stored_result
    from grader.gradebook.write_records import NewResult, keep_exercise, keep_results
    from grader.grading import mark
    from grader.reports.json_report import as_record
    from grader.submissions import collect

    loaded = load_exercise(exercise)
    submission = collect(str(answer), "ada")
    report = mark(loaded, submission)
    result = stored_result(report, as_record(report))
    attempt = Attempt(student="ada", exercise=loaded.id, number=1, submission=submission)
    path = str(tmp_path / "gradebook.db")
    with open_gradebook(path) as book, book.writing() as connection:
        keep_exercise(connection, loaded, Path(exercise).read_bytes())
        keep_results(connection, [NewResult(result, "batch", attempt=attempt)])
    return path


@pytest.mark.parametrize("command", ["show", "start"])
def test_questions(exercise: str, tmp_path: Path, monkeypatch, capsys, command: str):
    monkeypatch.chdir(tmp_path)
    more = ["--output", "-"] if command == "start" else []
    assert main([command, exercise, *more]) == 0
    out, err = capsys.readouterr()
    assert "Give y." in out
    require_clean(out, err)


def test_a_class_tells_staff_what_its_students_are_not_told(tmp_path: Path, capsys):
    """Outputs that are right, beside hidden values from which they do not follow."""
    folder = tmp_path / "class"
    folder.mkdir()
    h = [[0.5, 0.2], [0.3, 0.9], [0.9, 0.1], [0.2, 0.2]]
    (folder / "ada.json").write_text(f'{{"q1a": {{"h": {h}, "y": [0.27, 0.73, 0.94, 0.5]}}}}')
    asked = ["--exercise", "ntu-cz4042-tutorial-8", "--gradebook", str(tmp_path / "g.db")]
    assert main(["batch", str(folder), *asked, "--jobs", "1"]) == 0
    noted = next(
        line for line in capsys.readouterr().err.splitlines() if line.startswith("note: ada: for staff")
    )
    assert "right, but does not follow" in noted
    assert main(["feedback", str(folder), *asked, "--format", "json", "-o", str(tmp_path / "out")]) == 0
    assert "does not follow" not in texts_in(tmp_path / "out")[0]
