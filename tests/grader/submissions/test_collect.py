from __future__ import annotations

import contextlib
import errno
import json
import os
import random
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from grader.errors import SubmissionError
from grader.model.submission import AnswerFile
from grader.submissions import NothingHandedIn, collect, collect_json
from grader.submissions.answer_files import without_outputs
from grader.submissions.collector import MAX_FILES, build_submission
from grader.submissions.safe_read import FILE_LIMIT_BYTES, Refused


def write(path: Path, text: str = "a = 1\n") -> Path:
    path.write_text(text)
    return path


def test_file_becomes_a_submission_named_after_its_stem(tmp_path: Path):
    submission = collect(write(tmp_path / "ada.py"))
    assert submission.student == "ada"
    assert [(file.name, file.data) for file in submission.files] == [("ada.py", b"a = 1\n")]
    assert submission.digest.startswith("sha256:")


def test_student_can_be_told(tmp_path: Path):
    assert collect(write(tmp_path / "answer.py"), student="s123").student == "s123"


def test_folder_is_read_one_level_deep_answer_first(tmp_path: Path):
    for name in ("b.json", "a.py", "answer.ipynb", "z.npz"):
        write(tmp_path / name)
    write(tmp_path / "notes.txt")
    write(tmp_path / "empty.py", "  \n")
    write(tmp_path / ".DS_Store")
    (tmp_path / "src").mkdir()
    write(tmp_path / "src" / "deep.py")
    submission = collect(tmp_path)
    assert [file.name for file in submission.files] == ["answer.ipynb", "a.py", "b.json", "z.npz"]
    assert submission.student == tmp_path.name
    assert submission.left_out == (
        "empty.py: the file is empty",
        "notes.txt: not a kind of answer",
        "src: a folder; only one level is read",
    )


def test_suffix_is_read_in_any_case(tmp_path: Path):
    assert collect(write(tmp_path / "Answer.PY")).files[0].name == "Answer.py"


def test_no_more_than_twenty_files_are_read(tmp_path: Path):
    for number in range(MAX_FILES + 2):
        write(tmp_path / f"part{number:02}.py")
    submission = collect(tmp_path)
    assert len(submission.files) == MAX_FILES
    assert submission.left_out == tuple(
        f"part{number}.py: only the first 20 answer files are read" for number in (20, 21)
    )


def test_links_are_not_followed(tmp_path: Path):
    secret = write(tmp_path / "secret.py", "key = 1")
    folder = tmp_path / "ada"
    folder.mkdir()
    (folder / "answer.py").symlink_to(secret)
    with pytest.raises(NothingHandedIn, match="symbolic link"):
        collect(folder)
    with pytest.raises(NothingHandedIn, match="symbolic link"):
        collect(folder / "answer.py")


def test_pipe_is_refused_without_waiting(tmp_path: Path):
    os.mkfifo(tmp_path / "answer.py")
    with pytest.raises(NothingHandedIn, match="not a regular file"):
        collect(tmp_path / "answer.py")


def test_large_file_is_refused(tmp_path: Path):
    path = tmp_path / "answer.py"
    path.write_bytes(b"#" * (FILE_LIMIT_BYTES + 1))
    with pytest.raises(NothingHandedIn, match="larger than 2 MiB"):
        collect(path)


@pytest.mark.parametrize(
    ("name", "text", "part"),
    [
        ("answer.py", "", "the file is empty"),
        ("answer.txt", "a = 1", r"'.txt' is not a kind of answer.*\.npz"),
        ("answer", "a = 1", "the name has no suffix"),
    ],
)
def test_unusable_file_is_told_by_what_it_is(tmp_path: Path, name: str, text: str, part: str):
    with pytest.raises(NothingHandedIn, match=part):
        collect(write(tmp_path / name, text))


def test_folder_without_an_answer_says_what_is_there(tmp_path: Path):
    with pytest.raises(NothingHandedIn, match="the folder is empty"):
        collect(tmp_path)
    write(tmp_path / "notes.txt")
    with pytest.raises(NothingHandedIn, match=r"notes\.txt: not a kind of answer"):
        collect(tmp_path)


def test_missing_path_offers_the_nearest_name(tmp_path: Path):
    write(tmp_path / "answer.py")
    with pytest.raises(SubmissionError, match=r"no such file or folder \(did you mean .*answer\.py"):
        collect(tmp_path / "anwser.py")


def test_impossible_path_is_one_clear_error():
    with pytest.raises(SubmissionError, match="cannot be read"):
        collect("answer\0.py")
    with pytest.raises(SubmissionError, match="cannot be read"):
        collect("a" * 5000 + ".py")


def test_unreadable_file_says_so(tmp_path: Path, monkeypatch):
    path = write(tmp_path / "answer.py")

    def refuse(name, *args, **more):
        raise PermissionError(errno.EACCES, "Permission denied", str(name))

    monkeypatch.setattr(os, "open", refuse)  # root may open everything
    with pytest.raises(SubmissionError, match="Permission denied"):
        collect(path)


def test_names_cannot_carry_control_characters(tmp_path: Path):
    write(tmp_path / "a\x1b[31m\n.py")
    assert [file.name for file in collect(tmp_path).files] == ["a_[31m_.py"]


def test_digest_depends_on_names_and_bytes(tmp_path: Path):
    first = collect(write(tmp_path / "a.py", "x")).digest
    assert collect(write(tmp_path / "a.py", "x")).digest == first
    assert collect(write(tmp_path / "a.py", "y")).digest != first
    assert collect(write(tmp_path / "b.py", "x")).digest != first


def test_standard_input_is_json():
    submission = collect_json(b'{"a": 1}')
    assert (submission.student, submission.files[0].name) == ("stdin", "stdin.json")
    for data in (b" \n", b" " * (FILE_LIMIT_BYTES + 1)):
        with pytest.raises(NothingHandedIn):
            collect_json(data)


def test_submission_without_files_keeps_the_student():
    assert build_submission("ada", []).student == "ada"
    assert build_submission("ada", []).files == ()


def test_digest_is_that_of_the_files_and_of_what_was_left_out():
    files = [AnswerFile("answer.py", b"x = 1")]
    digests = {build_submission("s", files, left_out).digest for left_out in ((), ("a: b",), ("a", ": b"))}
    assert len(digests) == 3
    assert (
        build_submission("s", files, ["a: b"]).digest == build_submission("t", files, iter(["a: b"])).digest
    )


def a_notebook(rng: random.Random) -> dict[str, Any]:
    """One with keys and texts that look like what is dropped, in any place and order."""

    def value(depth: int = 0) -> Any:
        kind = rng.random()
        if kind < 0.3 or depth > 4:
            return rng.choice(["outputs", 'a"b', "\\", "{[", '"cells":', 1, None, True, 1.5, "\u2028"])
        if kind < 0.6:
            return [value(depth + 1) for _ in range(rng.randrange(4))]
        names = ("outputs", "attachments", "metadata", "cells", "x", "source")
        return {rng.choice(names): value(depth + 1) for _ in range(rng.randrange(4))}

    def mixed(fields: dict[str, Any]) -> dict[str, Any]:
        return dict(rng.sample(list(fields.items()), len(fields)))

    cell_fields = ("source", "outputs", "attachments", "metadata", "id")
    cells = [mixed({name: value() for name in cell_fields}) for _ in range(rng.randrange(4))]
    return mixed({"cells": cells, "metadata": value(), "nbformat": 4, "outputs": value()})


def test_only_what_cells_put_out_is_cut_from_a_notebook():
    rng = random.Random(4)
    for number in range(2000):
        notebook = a_notebook(rng)
        wanted = json.loads(json.dumps(notebook))
        places = [(cell, name) for cell in wanted["cells"] for name in ("outputs", "attachments")]
        for holder, name in [*places, (wanted, "metadata")]:
            if isinstance(holder[name], list | dict):
                holder[name] = [] if name == "outputs" else {}
        text = json.dumps(notebook, indent=number % 3 or None)
        assert json.loads(without_outputs(text.encode())) == wanted


def test_notebook_is_measured_without_its_outputs(tmp_path: Path):
    path = tmp_path / "lab.ipynb"
    picture = {"output_type": "display_data", "data": {"image/png": "x" * (FILE_LIMIT_BYTES + 1)}}
    cell = {"cell_type": "code", "source": "a = 1", "outputs": [picture]}
    write(path, json.dumps({"nbformat": 4, "cells": [cell]}))
    (file,) = collect(path).files
    assert json.loads(file.data) == {"nbformat": 4, "cells": [{**cell, "outputs": []}]}
    write(path, json.dumps({"nbformat": 4, "cells": [{**cell, "source": "#" * (FILE_LIMIT_BYTES + 1)}]}))
    with pytest.raises(NothingHandedIn, match="its outputs not counted"):
        collect(path)


@pytest.mark.parametrize(
    ("piece", "times"), [(b"[", 10**7), (b'{"a":', 60_000), (b'"', 300_000), (b'"\\', 10**7)]
)
def test_notebook_that_is_none_is_cut_within_bounds(piece: bytes, times: int):
    data = piece * times + b"\\" * (piece == b'"\\')
    tracemalloc.start()
    with contextlib.suppress(Refused):
        without_outputs(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2 * len(data) + 10**4
