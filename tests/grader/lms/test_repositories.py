"""Whose a repository is: what follows the assignment in its name, whole, and never the same for two.

Classroom 50, cli/shared/contract: `<classroom>-<assignment>-<username>`, all in lower case, and
`.classroom50.yaml` in each repository, its values between double quotes (classroomcfg/metadata.go). GitHub
Classroom: `<assignment>-<username>`, cloned into `<assignment>-submissions` (gh-classroom, student-repos.go).
"""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.lms import read_class
from grader.submissions import collect_submitted

FILE = 'schema: "classroom50/repo-config/v1"\nclassroom: "{}"\nassignment: "{}"\nsource:\n  owner: "cs50"\n'


def students(
    layouts: ModuleType, place: Path, names: list[str], more: dict[str, str] | None = None
) -> list[str]:
    files = {f"{name}/.git/config": b"x" for name in names} | {f"{one}/answer.py": b"a = 1" for one in names}
    files |= {path: text.encode() for path, text in (more or {}).items()}
    listing = read_class(layouts.lay_out(place, files), preset="github")
    return [one.student for one in listing.submissions]


@pytest.mark.parametrize(
    ("names", "ids"),
    [
        (["hw-ab-x", "hw-ab-y"], ["ab-x", "ab-y"]),
        (["hw-ab-x", "hw-ab-y", "hw-cd"], ["ab-x", "ab-y", "cd"]),
        (["hw-abby", "hw-abel"], ["abby", "abel"]),
        (["cs101-hw3-ada", "cs101-hw3-bo"], ["ada", "bo"]),
        (["cs101-hw3-a-li", "cs101-hw3-a-bo"], ["a-li", "a-bo"]),
        (["rnn-hw3-ada", "rnn-hw3-bela-b", "rnn-hw3-cleo"], ["ada", "bela-b", "cleo"]),
        (["lab-ada", "lab-ada-1"], ["ada", "ada-1"]),
    ],
)
def test_only_whole_parts_are_cut(tmp_path: Path, layouts: ModuleType, names: list[str], ids: list[str]):
    assert students(layouts, tmp_path, names) == sorted(ids)


@pytest.mark.parametrize("names", [["ab-x", "ab-y"], ["ab-x", "ab-y", "ab-z"], ["ab-x"]])
def test_classroom_50_tells_where_the_username_begins(tmp_path: Path, layouts: ModuleType, names: list[str]):
    repositories = [f"intro-to-rnns-hw-final-{name}" for name in names]
    told = {f"{one}/.classroom50.yaml": FILE.format("Intro-to-RNNs", "hw-final") for one in repositories}
    assert students(layouts, tmp_path, repositories, told) == names


def test_one_students_file_gives_nobody_anothers_id(tmp_path: Path, layouts: ModuleType):
    names = ["rnn-hw3-ada", "rnn-hw3-bo", "rnn-hw3-x-ada"]
    forged = {"rnn-hw3-x-ada/.classroom50.yaml": FILE.format("rnn", "hw3-x")}
    assert students(layouts, tmp_path, names, forged) == ["ada", "bo", "x-ada"]


@pytest.mark.parametrize("names", [["ab-x", "ab-y"], ["ab-x", "ab-y", "ab-z"]])
def test_folder_of_clones_tells_where_the_username_begins(
    tmp_path: Path, layouts: ModuleType, names: list[str]
):
    repositories = [f"final-hw-{name}" for name in names]
    assert students(layouts, tmp_path / "final-hw-submissions", repositories) == names
    files = {f"final-hw-submissions/{one}/.git/x": b"x" for one in repositories}
    for name in ("clones.zip", "final-hw-submissions.zip"):
        listing = read_class(layouts.zipped(tmp_path / name, files), preset="github")
        assert [one.student for one in listing.submissions] == names


words = st.sampled_from(["hw", "hw3", "ab", "x", "ada", "1", "", "lab"])
repository_names = st.lists(words, min_size=1, max_size=4).map("-".join).filter(lambda one: one.strip("-"))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sets(repository_names, min_size=1, max_size=6))
def test_two_students_never_share_an_id(tmp_path_factory, layouts: ModuleType, names: set[str]):
    place = tmp_path_factory.mktemp("class")
    layouts.lay_out(place, {f"{name}/.git/config": b"x" for name in names})
    listing = read_class(place, preset="github")
    ids = [one.student for one in listing.submissions]
    assert len(set(ids)) == len(ids)
    for one in listing.submissions:
        (path,) = one.paths
        assert path == one.student or path.endswith(f"-{one.student}")
    assert {path for one in listing.submissions for path in one.paths} | {
        one.path for one in listing.lost
    } == names


GRADESCOPE = '{"score": 3.0, "output": "x", "tests": [{"name": "a", "score": 3.0}]}'
CLASSROOM_50 = (
    '{"schema": "classroom50/result/v1", "classroom": "c", "score": 3, "max-score": 4, "tests": []}'
)
PRAIRIELEARN = '{"gradable": true, "score": 0.5, "message": "x"}'
BESIDE = {
    "timestamp.txt": "2026-10-05 10:22:33 UTC",
    "results.json": GRADESCOPE,
    "Results.json": PRAIRIELEARN,
    "result.json": CLASSROOM_50,
    "submission_metadata.json": '{"id": 1, "users": [], "assignment": {}, "created_at": "x"}',
    "release-body.md": "x",
    ".classroom50.yaml": "x",
    ".OTTER_LOG": "x",
    "__zip_filename__": "x",
    "lab.otter": "x",
    ".gitignore": "x",
    ".github/workflows/autograde.yaml": "x",
    ".devcontainer/devcontainer.json": "{}",
}


@pytest.mark.parametrize("name", BESIDE)
def test_what_a_platform_puts_there_is_no_answer_and_not_told(tmp_path: Path, layouts: ModuleType, name: str):
    from grader.submissions import collect as collect_folder

    files = {"ada/answer.py": b"a = 1", f"ada/{name}": BESIDE[name].encode()}
    layouts.lay_out(tmp_path / "class", files)
    (submitted,) = read_class(tmp_path / "class", preset="plain").submissions
    for got in (collect_submitted(tmp_path / "class", submitted), collect_folder(tmp_path / "class" / "ada")):
        assert [file.name for file in got.files] == ["answer.py"]
        assert got.left_out == ()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("results.json", '{"a_ii": {"g1": [6, 6, 6, 6]}}'),
        ("results.json", '{"a_ii": 1, "score": 3, "tests": []}'),
        ("result.json", '{"score": 3}'),
        ("results.json", "[1]"),
        ("results.json", '{"tests": '),
        ("answers.json", GRADESCOPE),
        ("submission_metadata.json", '{"a_ii": 1}'),
        (".hidden.py", "a = 1"),
    ],
)
def test_an_answer_called_like_a_platforms_file_is_an_answer(
    tmp_path: Path, layouts: ModuleType, name: str, text: str
):
    layouts.lay_out(tmp_path, {f"ada/{name}": text.encode()})
    (submitted,) = read_class(tmp_path).submissions
    assert [file.name for file in collect_submitted(tmp_path, submitted).files] == [name]
