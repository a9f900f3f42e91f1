"""`submit --format github`, and the composite action: what reaches a job on GitHub."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest
import yaml

from grader.cli import main

ROOT = Path(__file__).parents[3]
EXERCISE = "mit-6390-recitation-8"
ANSWER = """\
import os
print("::error::forged", [key for key in os.environ if key.startswith("GITHUB")])

a_i = {"Wss": (2, 2), "Wsx": (2, 3), "Wo": (4, 2), "z1": (2, 1), "z2": (4, 1)}

def to_rnn_a(Wssx, Wox):
    return "<img src=x> @everyone ::set-env name=A::b"
"""


@pytest.fixture
def job(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A job's workspace with an answer, and its summary."""
    workspace = tmp_path / "repo"
    (workspace / "week 8").mkdir(parents=True)
    (workspace / "week 8" / "answer.py").write_text(ANSWER)
    for name in ("STEP_SUMMARY", "ENV", "OUTPUT"):
        (tmp_path / name).write_text("earlier\n")
        monkeypatch.setenv(f"GITHUB_{name}", str(tmp_path / name))
    monkeypatch.setenv("GITHUB_WORKSPACE", str(workspace))
    monkeypatch.chdir(workspace)
    return workspace


@pytest.mark.parametrize("answer", ["week 8/answer.py", "week 8"])
def test_annotations_point_into_the_answer_and_the_summary_has_the_report(job: Path, answer: str, capsys):
    assert main(["submit", answer, "--exercise", EXERCISE, "--format", "github"]) == 1
    said = capsys.readouterr().out.splitlines()
    annotations = [line for line in said if line.startswith("::")]
    assert all(line.startswith("::error file=week 8/answer.py,line=") for line in annotations)
    assert len(annotations) == 7
    [wrong] = [line for line in annotations if "c_iii_general" in line]
    assert ",line=6," in wrong
    summary = (job.parent / "STEP_SUMMARY").read_text()
    assert summary.startswith("earlier\n## ")
    assert "| 1\\(a\\)i | a\\_i | correct | 5 / 5 |" in summary
    assert "@everyone" not in "".join(part for part in summary.split("```")[::2])
    assert [(job.parent / name).read_text() for name in ("ENV", "OUTPUT")] == ["earlier\n"] * 2
    assert "GITHUB" not in summary


def test_other_formats_and_other_places_write_no_summary(job: Path, monkeypatch, capsys):
    main(["submit", "week 8", "--exercise", EXERCISE, "--format", "json"])
    assert (job.parent / "STEP_SUMMARY").read_text() == "earlier\n"
    monkeypatch.delenv("GITHUB_STEP_SUMMARY")
    assert main(["submit", "week 8", "--exercise", EXERCISE, "--format", "github"]) == 1
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(job / "no folder" / "summary"))
    assert main(["submit", "week 8", "--exercise", EXERCISE, "--format", "github"]) == 1
    assert "summary of the job cannot be written" in capsys.readouterr().err


def steps() -> list[dict]:
    action = yaml.safe_load((ROOT / "action.yml").read_text())
    assert action["runs"]["using"] == "composite"
    return action["runs"]["steps"]


def test_inputs_reach_the_actions_script_as_variables_only(tmp_path: Path):
    """An input in the text of a script could be any script: docs.github.com, "script injection"."""
    runs = [step for step in steps() if "run" in step]
    assert all("${{" not in step["run"] for step in runs)
    marking = runs[-1]
    assert set(marking["env"].values()) == {
        f"${{{{ inputs.{name} }}}}" for name in ("answer", "exercise", "question", "fail-under", "hints")
    }
    program = tmp_path / "rnngrade" / "bin" / "rnngrade"
    program.parent.mkdir(parents=True)
    program.write_text('#!/usr/bin/env bash\nprintf "%s\\n" "$@"\n')
    program.chmod(0o755)
    typed = {
        "ANSWER": "-a b$(touch x).py",
        "EXERCISE": "",
        "QUESTION": "b_i; id",
        "FAIL_UNDER": "80%",
        "HINTS": "1",
    }
    env = {**os.environ, "RUNNER_TEMP": str(tmp_path), **typed}
    said = subprocess.check_output(["bash", "-e", "-c", marking["run"]], env=env, text=True, cwd=tmp_path)
    assert said.splitlines() == [
        *("submit", "--format", "github", "--fail-under", "80%", "--hints", "1"),
        *("--question", "b_i; id", "--", "-a b$(touch x).py"),
    ]


def python_calls(script: str) -> list[str]:
    return re.findall(r'python"? (-\S+)', script)


def test_action_imports_nothing_of_the_repository():
    """Without -I the folder of the answer, where the steps run, stands first on Python's path."""
    calls = [call for step in steps() for call in python_calls(step.get("run", ""))]
    assert calls == ["-I", "-I"]


def test_action_asks_no_index_for_our_name():
    [install] = [step["run"] for step in steps() if "pip install" in step.get("run", "")]
    assert 'pip install --quiet "$GITHUB_ACTION_PATH"' in install
