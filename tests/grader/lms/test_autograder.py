from __future__ import annotations

import io
import re
import shlex
import subprocess
import zipfile

from grader.lms.gradescope.kit import AutograderContents, build

WHEEL = ("rnngrade-0.1.0-py3-none-any.whl", b"x")


def opened(contents: AutograderContents) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(build(contents)))


def test_root_holds_what_gradescope_wants():
    archive = opened(AutograderContents("sums", WHEEL))
    assert archive.namelist() == [
        "constraints.txt",
        "rnngrade-0.1.0-py3-none-any.whl",
        "run_autograder",
        "setup.sh",
    ]
    for name in ("run_autograder", "setup.sh"):
        assert archive.read(name).startswith(b"#!/usr/bin/env bash\n")
        assert archive.getinfo(name).external_attr >> 16 == 0o100755
        assert b"\r" not in archive.read(name)


def test_same_contents_give_the_same_bytes():
    contents = AutograderContents("sums", WHEEL)
    assert build(contents) == build(contents)
    assert {info.date_time for info in opened(contents).infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_scripts_are_bash_and_run_the_harness():
    archive = opened(
        AutograderContents("sums", WHEEL, question="b_i", hints=2, exercise_file=("it's.toml", b"x"))
    )
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
    lines = opened(AutograderContents("sums", WHEEL)).read("constraints.txt").decode().splitlines()
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[0-9][A-Za-z0-9.+!]*", line) for line in lines)
    assert {"click", "msgspec", "numpy", "rich", "sympy", "mpmath"} <= {
        line.partition("==")[0] for line in lines
    }


def installs(setup: str) -> list[list[str]]:
    """What each install in the script names, options and their values left out."""
    found = []
    for line in setup.replace("||\n", "\n").splitlines():
        words = shlex.split(line, comments=True)
        if "install" in words and "pip" in words:
            after = words[words.index("install") + 1 :]
            values = {after.index(one) + 1 for one in ("--python", "--constraint") if one in after}
            found.append([w for i, w in enumerate(after) if i not in values and not w.startswith("-")])
    return found


def test_no_index_is_asked_for_a_name_that_is_not_of_a_known_package():
    archive = opened(AutograderContents("sums", WHEEL))
    asked = [word for words in installs(archive.read("setup.sh").decode()) for word in words]
    assert {word.partition("==")[0] for word in asked} == {"uv", f"./{WHEEL[0]}"}
    assert archive.read(WHEEL[0]) == WHEEL[1]
    assert "rnngrade" not in archive.read("constraints.txt").decode()
