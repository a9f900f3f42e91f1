"""`rnngrade author export`: what is written, what is refused and why."""

from __future__ import annotations

import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path

import pytest

from grader.cli import main

REASONS = {
    "trace": "compares with one number",
    "slope": "compares with one number",
    "leak": "many different weights are right",
    "echo": "a reason may be given in several ways",
    "cost": "every formula that comes to the same is right",
}
"""Of rnn-paper, what no test on a platform can hold."""


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    code = main(["author", "export", *words])
    return code, "".join(capsys.readouterr())


@pytest.mark.parametrize("platform", ["moodle", "qti"])
def test_every_question_is_in_the_file_or_named_with_the_reason(tmp_path: Path, capsys, platform: str):
    target = tmp_path / "out"
    code, output = run(capsys, "rnn-paper", "--to", platform, "-o", str(target), "--variant", "sample")
    assert code == 0, output
    refused = [line for line in output.splitlines() if line.startswith("not exported: ")]
    assert len(refused) == len(REASONS)
    for id, reason in REASONS.items():
        assert any(f"({id}): " in line and reason in line for line in refused)
    if platform == "moodle":
        found = [
            one.findtext("idnumber") for one in ET.parse(target).getroot() if one.get("type") != "category"
        ]
        ids = {(one or "").partition("/")[2] for one in found}
    else:
        with zipfile.ZipFile(target) as archive:
            ids = {Path(name).stem for name in archive.namelist() if name.startswith("items/")}
    assert ids == {"shapes", "structures", "unrolled", "fading", "why"}
    assert "holds 5 of 10 questions" in output
    assert "it is for staff" in output


def test_variants_are_asked_for_by_name(tmp_path: Path, capsys):
    target = tmp_path / "out.xml"
    code, output = run(capsys, "rnn-paper", "--to", "moodle", "-o", str(target))
    assert code == 2
    assert "--variant CODE" in output
    assert not target.exists()


def test_variants_that_differ_are_exported_once_each(tmp_path: Path, capsys):
    target = tmp_path / "out.xml"
    codes = ("sample", "FAT6-KPS9-7C4C-DSQN", "FAT6-KPS9-7C4C-DSQN")
    words = [word for code in codes for word in ("--variant", code)]
    assert run(capsys, "rnn-paper", "--to", "moodle", "-o", str(target), *words)[0] == 0
    root = ET.parse(target).getroot()
    names = [one.findtext("name/text") or "" for one in root if one.get("type") != "category"]
    assert len([name for name in names if "shapes" in name]) == 2
    assert len([name for name in names if "why" in name]) == 1
    assert any(name.endswith("FAT6-KPS9-7C4C-DSQN") for name in names)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("threshold-networks", "--to", "qti"), "no question of threshold-networks can be exported"),
        (("mit-6390-recitation-8", "--to", "moodle", "--question", "b_i"), "nothing is written"),
        (("mit-6390-recitation-8", "--to", "moodle", "--question", "b_9"), "has no question"),
        (("rnn-paper", "--to", "qti", "--variant", "FAT6"), "is no variant code"),
        (("nowhere", "--to", "qti"), "nowhere"),
        (("rnn-paper", "--to", "scorm"), "'scorm'"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_is_written(
    tmp_path: Path, capsys, words: tuple[str, ...], told: str
):
    target = tmp_path / "out"
    code, output = run(capsys, *words, "-o", str(target))
    assert code == 2
    assert told in output
    assert "Traceback" not in output
    assert not target.exists()


def test_a_file_that_is_there_stays_without_force(tmp_path: Path, capsys):
    target = tmp_path / "out.xml"
    target.write_text("mine")
    words = ("mit-6390-recitation-8", "--to", "moodle", "-o", str(target))
    assert run(capsys, *words)[0] == 2
    assert target.read_text() == "mine"
    assert run(capsys, *words, "--force")[0] == 0
    assert target.read_text() != "mine"
