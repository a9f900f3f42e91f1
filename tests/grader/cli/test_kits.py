"""`rnngrade harness PLATFORM init`: what it writes, by the platforms' own rules, and run as they run it."""

from __future__ import annotations

import io
import json
import re
import sys
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
import yaml

from grader.cli import main
from grader.lms.catsoop.kit import HERE
from grader.lms.kit import is_image, kits

ROOT = Path(__file__).parents[3]
EXERCISE = "mit-6390-recitation-8"
PLANTED = "planted-4711"
OWN = f"""\
title = "Sums & <more>"
source = "own"
introduction = "Braces {{{{x}}}}, a sign <b> & more. Then $W^{{ss}} < 1$."
[[question]]
id = "one"
label = "1"
points = 2
prompt = "Which shape has W?"
[question.fields]
W = "its shape"
[question.check]
kind = "shape"
sizes = {{n = 3, m = 2}}
shapes = {{W = ["n", "m"]}}
[[question.example]]
title = "right, {PLANTED}"
answer = 'one = {{"W": (3, 2)}}'
verdict = "correct"
[[question.example]]
title = "wrong"
answer = 'one = {{"W": (2, 3)}}'
verdict = "incorrect"
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Stands for the wheel of this installation, which other tests install."""
    path = tmp_path_factory.mktemp("wheel") / "rnngrade-0.1.0-py3-none-any.whl"
    path.write_bytes(b"a wheel")
    return path


@pytest.fixture
def init(tmp_path: Path, wheel: Path):
    (tmp_path / "own.toml").write_text(OWN)

    def init(platform: str, exercise: str = EXERCISE, *more: str) -> tuple[int, dict[str, bytes]]:
        place = tmp_path / "kit"
        image = ["--image", "me/rnngrade"] if platform == "prairielearn" else []
        exercise = str(tmp_path / exercise) if exercise.endswith(".toml") else exercise
        words = ["harness", platform, "init", exercise, "-o", str(place), "--wheel", str(wheel)]
        code = main([*words, *image, *more])
        files = {path.relative_to(place).as_posix(): path for path in place.rglob("*") if path.is_file()}
        return code, {name: path.read_bytes() for name, path in files.items()}

    return init


@pytest.mark.parametrize("platform", sorted(kits()))
def test_kit_is_written_again_but_nothing_typed_is_lost(init, tmp_path: Path, platform: str, capsys):
    code, files = init(platform)
    assert code == 0
    assert init(platform) == (0, files)
    name = min(name for name in files if not name.endswith(".whl"))
    (tmp_path / "kit" / name).write_text("typed")
    capsys.readouterr()
    assert init(platform)[0] == 2
    assert Path(name).name in capsys.readouterr().err
    assert (tmp_path / "kit" / name).read_text() == "typed"
    assert init(platform, EXERCISE, "--force") == (0, files)


def holders(files: dict[str, bytes]) -> set[str]:
    """Files in which what is right can be read."""
    found = set()
    for name, data in files.items():
        members = [data]
        if name.endswith(".zip"):
            archive = zipfile.ZipFile(io.BytesIO(data))
            members = [archive.read(one) for one in archive.namelist()]
        found |= {name} if any(PLANTED.encode() in one for one in members) else set()
    return found


@pytest.mark.parametrize(
    ("platform", "staff"),
    [
        ("gradescope", {"autograder.zip"}),
        ("prairielearn", {"questions/rnngrade-own/tests/own.toml"}),
        ("catsoop", {"__QTYPES__/rnngrade/own.toml"}),
        ("github", None),
        ("classroom50", None),
    ],
)
def test_what_is_right_is_where_staff_alone_reads(init, platform: str, staff: set[str] | None, capsys):
    code, files = init(platform, "own.toml")
    if staff is None:
        assert (code, files) == (2, {})
        assert "own.toml holds what is right" in capsys.readouterr().err
    else:
        assert code == 0
        assert holders(files) == staff


@pytest.mark.parametrize("name", ["sums/exercise.toml", "sums/", "./sums"])
def test_exercise_in_a_folder_of_its_own_is_taken_along(name: str, wheel: Path, tmp_path: Path, monkeypatch):
    """What is called by a path is not there on the platform, however the path is written."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sums").mkdir()
    (tmp_path / "sums" / "exercise.toml").write_text(OWN)
    assert main(["harness", "gradescope", "init", name, "-o", "kit", "--wheel", str(wheel)]) == 0
    assert main(["export", "gradescope", name, "-o", "other.zip", "--wheel", str(wheel)]) == 0
    archive = zipfile.ZipFile("kit/autograder.zip")
    assert archive.read("sums.toml").decode() == OWN
    assert b"--exercise /autograder/source/sums.toml" in archive.read("run_autograder")
    assert Path("other.zip").read_bytes() == Path("kit/autograder.zip").read_bytes()


@pytest.mark.parametrize("platform", sorted(kits()))
def test_one_question_alone_can_be_asked(init, platform: str):
    code, files = init(platform, EXERCISE, "--question", "1(b)i", "--hints", "1")
    assert code == 0
    text = "\n".join(data.decode("utf-8", "replace") for data in files.values())
    assert "b_i" in text
    assert "c_iii" not in text


@pytest.mark.parametrize("platform", sorted(kits()))
def test_examples_of_the_help_can_be_typed(platform: str, wheel: Path, tmp_path: Path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.toml").write_text(OWN)
    assert main(["harness", platform, "init", "--help"]) == 0
    help_text = capsys.readouterr().out
    typed = re.findall(r"^ *rnngrade (harness .*-o .*)$", help_text, re.M)
    assert typed
    for line in typed:
        assert main([*line.split(), "--wheel", str(wheel)]) == 0


def test_options_of_marking_do_not_get_lost_before_init(capsys):
    assert main(["harness", "gradescope", "--hints", "2", "init", EXERCISE]) == 2
    assert "--hints belongs behind init, or to marking" in capsys.readouterr().err
    assert main(["harness", "gradescope"]) == 2
    assert "Missing option '--exercise'" in capsys.readouterr().err


# PrairieLearn/PrairieLearn, apps/prairielearn/src/schemas/schemas/infoQuestion.json, of what we write; no key
# that is not in it is allowed, there and in externalGradingOptions.
INFO = {
    "uuid": str,
    "title": str,
    "topic": str,
    "tags": list,
    "type": {"v3"},
    "singleVariant": bool,
    "showCorrectAnswer": bool,
    "gradingMethod": {"Internal", "External", "Manual"},
    "externalGradingOptions": dict,
}
GRADING = {"image": str, "entrypoint": list, "timeout": int}


def require_fit(found: dict[str, Any], wanted: dict[str, Any]) -> None:
    assert found.keys() <= wanted.keys()
    for key, value in found.items():
        allowed = wanted[key]
        assert value in allowed if isinstance(allowed, set) else type(value) is allowed, key


@pytest.fixture
def question(init) -> dict[str, bytes]:
    """The files of a PrairieLearn question about an exercise of the course's own."""
    _, files = init("prairielearn", "own.toml")
    return {name.removeprefix("questions/rnngrade-own/"): data for name, data in files.items()}


def test_prairielearn_takes_the_info(question: dict[str, bytes], init):
    info = json.loads(question["info.json"])
    require_fit(info, INFO)
    assert {"uuid", "type", "title", "topic"} <= info.keys()
    assert str(UUID(info["uuid"])) == info["uuid"]
    options = info["externalGradingOptions"]
    require_fit(options, GRADING)
    # docs/externalGrading.md: an absolute path, then its arguments; no more than 600 seconds.
    assert options["entrypoint"][0].startswith("/")
    assert "/grade/tests/own.toml" in options["entrypoint"]
    assert 30 < options["timeout"] <= 600
    other = json.loads(init("prairielearn")[1][f"questions/rnngrade-{EXERCISE}/info.json"])
    assert other["uuid"] != info["uuid"]


class Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: dict[str, dict[str, str | None]] = {}
        self.text = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags[tag] = dict(attributes)

    def handle_data(self, data: str) -> None:
        self.text += data


def test_prairielearn_shows_the_texts_as_they_stand(question: dict[str, bytes]):
    text = question["question.html"].decode()
    # freeform.ts renders the file by mustache before it is a page.
    assert "{{" not in text
    page = Page()
    page.feed(text)
    assert "Braces {{x}}, a sign <b> & more. Then $W^{ss} < 1$." in page.text
    assert "b" not in page.tags
    editor = page.tags["pl-file-editor"]
    # pl-file-editor.py: what is in source-file-name is shown, and then nothing may be within the element.
    assert editor["file-name"] == "answer.py"
    assert editor["source-file-name"] in question
    assert page.tags["pl-external-grader-results"] == {}


def test_prairielearns_grader_marks_what_the_page_hands_in(question, tmp_path: Path, schemas: ModuleType):
    words = json.loads(question["info.json"])["externalGradingOptions"]["entrypoint"][1:]
    words = [str(tmp_path / "own.toml") if word == "/grade/tests/own.toml" else word for word in words]
    (tmp_path / "student").mkdir()
    (tmp_path / "student" / "answer.py").write_text("one = {'W': (2, 3)}\n")
    results = tmp_path / "results.json"
    assert main([*words, "--submission", str(tmp_path / "student"), "--results", str(results)]) == 0
    found = json.loads(results.read_text())
    schemas.CHECKERS["prairielearn"](found)
    assert found["score"] == 0
    assert "transposed" in found["tests"][0]["output"]


def test_recipe_of_the_image_copies_what_is_there(init):
    _, files = init("prairielearn")
    recipe = files["image/Dockerfile"].decode()
    [copied] = re.findall(r"^COPY (\[.*\])$", recipe, re.M)
    *sources, _ = json.loads(copied)
    assert {f"image/{one}" for one in sources} | {"image/Dockerfile"} == {
        name for name in files if name.startswith("image/")
    }


@pytest.mark.parametrize("name", ["me/rnngrade", "me/rnngrade:2026.1", "ghcr.io/me/x"])
def test_an_image_can_be_called_that(name: str):
    assert is_image(name)


@pytest.mark.parametrize("name", ["", "Me/x", "a b", "x\nRUN y", "me/x:", "-x", "a" * 300, '"a"'])
def test_no_image_can_be_called_that(name: str, tmp_path: Path):
    assert not is_image(name)
    assert (
        main(["harness", "prairielearn", "init", EXERCISE, "-o", str(tmp_path / "k"), "--image", name]) == 2
    )
    assert not (tmp_path / "k").exists()


@pytest.fixture
def ask(init, tmp_path: Path):
    """CAT-SOOP's question type, made and called as catsoop 19.0.9 does.

    tutor.question executes the file in a copy of the page's context; loader.cs_compile puts that context into
    calls of tutor; the defaults are merged with what the question says before handle_submission is called.
    """
    _, files = init("catsoop", "own.toml")
    program = tmp_path / "program"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m rnngrade "$@"\n')
    program.chmod(0o755)
    root = tmp_path / "data"
    for name, data in files.items():
        (root / "courses" / "rnn" / name).parent.mkdir(parents=True, exist_ok=True)
        (root / "courses" / "rnn" / name).write_bytes(data)
    base = {"defaults": {"csq_npoints": 1, "csq_rows": 10}}
    tutor = SimpleNamespace(
        question=lambda context, name, **asked: (base if name == "bigbox" else {"type": name}, asked),
        qtype_inherit=lambda context, name: context.update(base),
    )
    context: dict[str, Any] = {"cs_course": "rnn", "cs_data_root": str(root), "tutor": tutor}
    code = files[f"{HERE}/rnngrade.py"].decode()
    for name in ("question(", "qtype_inherit("):
        code = code.replace(f"tutor.{name}", f"tutor.{name}globals(),")
    made = dict(context)
    exec(compile(code, "rnngrade.py", "exec"), made)
    page = {"tutor": tutor}
    exec(compile(files["own/content.py"], "content.py", "exec"), page)
    [(question, asked)] = [one for one in page["cs_problem_spec"] if isinstance(one, tuple)]
    assert question["type"] == "rnngrade"

    def ask(submitted: object, **more: Any) -> dict[str, Any]:
        info = {**made["defaults"], **asked, "csq_rnngrade": str(program), **more}
        return made["handle_submission"]({info["csq_name"]: submitted}, **info)

    return ask


def test_catsoop_gets_score_and_message_for_what_was_typed(ask):
    right = ask({"data": "one = {'W': (3, 2)}"})
    assert (right["score"], "2 of 2 points" in right["msg"]) == (1.0, True)
    # Versions before 2023 give the text itself, and an upload its bytes.
    for form in ("one = {'W': (2, 3)}", b"one = {'W': (2, 3)}"):
        wrong = ask(form)
        assert wrong["score"] == 0.0
        assert "transposed" in wrong["msg"]


def test_catsoop_shows_what_was_typed_as_text_and_never_runs_it_itself(ask, tmp_path: Path):
    typed = "<script>alert(1)</script> <python>x</python> <math>y</math>"
    code = f"open({str(tmp_path / 'ran')!r}, 'w')"
    told = ask({"data": f"print({typed!r})\none = {{'W': {typed!r}}}\n"})
    assert ask({"data": code})["score"] == 0.0
    assert not (tmp_path / "ran").exists()
    assert "alert(1)" in told["msg"]
    page = Page()
    page.feed(told["msg"])
    assert not {"script", "python", "math"} & page.tags.keys()


@pytest.mark.parametrize(
    "fault", [{"csq_rnngrade": "/not/there"}, {"csq_exercise": "no-such"}, {"csq_seconds": 0.001}]
)
def test_what_cannot_be_marked_is_no_zero_in_catsoop(ask, fault: dict[str, Any], capsys):
    """make_score_display says "Grade not available." of None; an exception would be a zero."""
    told = ask({"data": "one = {'W': (3, 2)}"}, **fault)
    assert told["score"] is None
    assert "does not count as wrong" in told["msg"]
    assert "rnngrade: one" in capsys.readouterr().err


def test_page_of_catsoop_says_what_is_asked(init):
    _, files = init("catsoop", EXERCISE, "--question", "b_i")
    page = files[f"{EXERCISE}-b_i/content.py"].decode()
    assert "csq_name='b_i'" in page
    assert "<math>s_0</math>" in page
    assert "b_i = dict(s0=..., Wss=..., Wsx=..., Wo=...)" in page


def test_githubs_workflow_runs_nothing_of_an_event(init):
    _, files = init("github")
    text = files[".github/workflows/rnngrade.yml"].decode()
    workflow = yaml.safe_load(text)
    assert "${{" not in text
    assert workflow["permissions"] == {"contents": "read"}
    steps = workflow["jobs"]["mark"]["steps"]
    # Without -I the student's folder stands first on Python's path.
    assert re.findall(r'python"? (-\S+)', text) == ["-I", "-I"]
    assert f"submit answer.py --exercise {EXERCISE} --format github" in steps[-1]["run"]
    assert ".github/rnngrade/rnngrade-0.1.0-py3-none-any.whl" in files
    assert ".github/rnngrade/constraints.txt" in files


def test_autograder_of_classroom_50_is_python_that_runs_the_harness(init, monkeypatch):
    """wiki/Advanced-Autograding.md: it ends with 0 if it ran; siblings lie beside it."""
    _, files = init("classroom50", EXERCISE, "--question", "b_i")
    ran: list[list[str]] = []

    def run(words: list[str], **more: Any) -> SimpleNamespace:
        ran.append(words)
        return SimpleNamespace(returncode=3)

    monkeypatch.setattr("subprocess.run", run)
    monkeypatch.setattr("venv.create", lambda place, with_pip: None)
    code = compile(files["autograder.py"], "autograder.py", "exec")
    with pytest.raises(SystemExit) as ended:
        exec(code, {"__file__": "/bundle/autograder.py"})
    assert ended.value.code == 3
    install, mark = ran
    assert install[-1] == "/bundle/rnngrade-0.1.0-py3-none-any.whl"
    assert "constraints.txt" in files
    assert mark[1:] == [
        *("-I", "-m", "rnngrade", "harness", "classroom50", "--exercise", EXERCISE, "--question", "b_i")
    ]
