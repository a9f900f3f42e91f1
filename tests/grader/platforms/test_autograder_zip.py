from __future__ import annotations

import io
import re
import subprocess
import zipfile

from grader.platforms.autograder_zip import Contents, build


def opened(contents: Contents) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(build(contents)))


def test_root_holds_what_gradescope_wants():
    archive = opened(Contents("sums"))
    assert archive.namelist() == ["constraints.txt", "run_autograder", "setup.sh"]
    for name in ("run_autograder", "setup.sh"):
        assert archive.read(name).startswith(b"#!/usr/bin/env bash\n")
        assert archive.getinfo(name).external_attr >> 16 == 0o100755
        assert b"\r" not in archive.read(name)


def test_same_contents_give_the_same_bytes():
    contents = Contents("sums", wheel=("rnngrade-0.1.0-py3-none-any.whl", b"x"))
    assert build(contents) == build(contents)
    assert {info.date_time for info in opened(contents).infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_scripts_are_bash_and_run_the_harness():
    archive = opened(Contents("sums", question="b_i", hints=2, exercise_file=("it's.toml", b"x")))
    for name in ("run_autograder", "setup.sh"):
        subprocess.run(["bash", "-n"], input=archive.read(name), check=True)
    script = (
        archive.read("run_autograder").decode().replace("exec /opt/rnngrade/bin/rnngrade", "printf '%s\\n'")
    )
    script = script.replace("cd /autograder\n", "")
    said = subprocess.run(["bash"], input=script, text=True, capture_output=True, check=True).stdout
    assert said.splitlines() == [
        *("harness", "gradescope", "--exercise", "/autograder/source/it's.toml"),
        *("--question", "b_i", "--hints", "2"),
    ]


def test_every_package_has_its_exact_version():
    lines = opened(Contents("sums")).read("constraints.txt").decode().splitlines()
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[0-9][A-Za-z0-9.+!]*", line) for line in lines)
    assert {"click", "msgspec", "numpy", "rich", "sympy", "mpmath"} <= {
        line.partition("==")[0] for line in lines
    }


def test_grader_is_pinned_from_the_index_or_taken_along():
    assert re.search(r"rnngrade==\d", opened(Contents("sums")).read("setup.sh").decode())
    archive = opened(Contents("sums", wheel=("rnngrade-0.1.0-py3-none-any.whl", b"x")))
    assert "./rnngrade-0.1.0-py3-none-any.whl" in archive.read("setup.sh").decode()
    assert archive.read("rnngrade-0.1.0-py3-none-any.whl") == b"x"
