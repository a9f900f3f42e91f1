"""Class exports as each system makes them, written from the format facts; every layout has strays too."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ANSWER = b'EXERCISE = "mit-6390-recitation-8"\na_ii = dict(g1=[1, 1])\n'


@dataclass(frozen=True)
class Layout:
    """An export: its files, and what must come of them.

    Args:
        files: Bytes by path.
        students: (id, attempt) of every submission.
        unmatched: Paths that are nobody's.
    """

    files: dict[str, bytes]
    students: list[tuple[str, int]]
    unmatched: list[str]


def packed(files: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return target.getvalue()


def plain() -> Layout:
    files = {
        "ada.py": ANSWER,
        "bela/answer.py": ANSWER,
        "bela/report.pdf": b"%PDF",
        "cleo.zip": packed({"hw/answer.py": ANSWER, "hw/.DS_Store": b"x"}),
        "dario.json": b"{}",
        "dario.npz": packed({"x.npy": b"1"}),
        "grades.xlsx": b"x",
        ".DS_Store": b"x",
    }
    return Layout(files, [("ada", 1), ("bela", 1), ("cleo", 1), ("dario", 1)], [".DS_Store", "grades.xlsx"])


def canvas() -> Layout:
    files = {
        "adaada_1001_500001_answer.py": ANSWER,
        "belabela_LATE_1002_500002_answer.py": ANSWER,
        "belabela_LATE_1002_500003_weights.npz": b"PK",
        "cleocleo_1003_500004_answer.py": ANSWER,
        "cleocleo_1003_500014_answer-1.py": ANSWER + b"# again\n",
        "dariodario_1004_text.html": b"<p>sorry</p>",
        "emilemil_1005_500006_hand in_2_final.zip": packed({"answer.py": ANSWER}),
        "anon_xYz12_500007_answer.py": ANSWER,
        "part one_1006_500008_part-1.py": ANSWER,
        "partone_1006_500008_part-1.py": ANSWER,
        "partone_1006_500009_part-2.py": ANSWER,
        "roster.csv": b"x",
        "__MACOSX/._adaada_1001_500001_answer.py": b"x",
    }
    students = [
        *(("1001", 1), ("1002", 1), ("1003", 1), ("1003", 2)),
        *(("1004", 1), ("1005", 1), ("1006", 1), ("anon_xYz12", 1)),
    ]
    return Layout(files, students, ["__MACOSX", "part one_1006_500008_part-1.py", "roster.csv"])


def moodle() -> Layout:
    files = {
        "Ada A_2001_assignsubmission_file/answer.py": ANSWER,
        "Ada A_2001_assignsubmission_onlinetext/onlinetext.html": b"<p>",
        "Bela B_2002_assignsubmission_file_/deep/answer.py": ANSWER,
        "Participant_2003_assignsubmission_file_answer.py": ANSWER,
        "Zoë-O'Neil Ünal_2004_assignsubmission_file/lab.zip": packed({"answer.py": ANSWER}),
        "Team Red_2005_assignsubmission_onlinetext/onlinetext.html": b"<p>",
        "worksheet.csv": b"x",
        "Cleo_assignsubmission_file/answer.py": ANSWER,
    }
    students = [("2001", 1), ("2002", 1), ("2003", 1), ("2004", 1), ("2005", 1)]
    return Layout(files, students, ["Cleo_assignsubmission_file", "worksheet.csv"])


def sidecar(name: str, user: str, files: dict[str, str]) -> bytes:
    lines = [f"Name: {name} ({user})", "Assignment: HW 3", "Date Submitted: Monday, 5 October 2026", ""]
    lines += ["Current Grade: Needs Grading", "", "Submission Field:", "There is no data.", "", "Files:"]
    for original, member in files.items():
        lines += [f"\tOriginal filename: {original}", f"\tFilename: {member}", ""]
    return "\r\n".join(lines).encode()


def blackboard() -> Layout:
    first, second = "2026-10-04-09-15-00", "2026-10-05-10-22-33"
    ada, again = f"HW_3_ada1_attempt_{first}", f"HW_3_ada1_attempt_{second}"
    under = f"HW_3_bela_b_attempt_{second}"
    files = {
        f"{ada}.txt": sidecar("Ada", "ada1", {"answer.py": f"{ada}_answer.py"}),
        f"{ada}_answer.py": ANSWER,
        f"{again}.txt": sidecar("Ada", "ada1", {"my answer.py": f"{again}_my_answer.py"}),
        f"{again}_my_answer.py": ANSWER,
        f"{under}.txt": sidecar("Bela", "bela_b", {"answer.py": "mangled name.py"}),
        "mangled name.py": ANSWER,
        f"HW_3_cleo_attempt_{first}.txt": sidecar("Cleo", "cleo", {}),
        f"HW_3_dario_attempt_{first}_lab.ipynb": b"{}",
        "stray.py": ANSWER,
    }
    students = [("ada1", 1), ("ada1", 2), ("bela_b", 1), ("cleo", 1), ("dario", 1)]
    return Layout(files, students, ["stray.py"])


def brightspace() -> Layout:
    ada, bela = "31001-77 - Ada A - ", "31002-77 - Bela - B - "
    files = {
        f"{ada}Oct 5, 2026 1022 PM/answer.py": ANSWER,
        f"{ada}Oct 6, 2026 905 AM/answer.py": ANSWER,
        f"{ada}Oct 6, 2026 905 AM/helper.py": b"SIX = 6",
        f"{bela}5 October, 2026 2301/answer.py": ANSWER,
        "31003-77 - Cleo - Oct 5, 2026 1101 PM - answer.py": ANSWER,
        "31003-77 - Cleo - Oct 5, 2026 1101 PM - helper - Oct 1, 2026 900 AM.py": b"SIX = 6",
        "index.html": b"<p>what was handed in when",
        "notes - Oct 5, 2026 1022 PM/answer.py": ANSWER,
    }
    students = [("31001", 1), ("31001", 2), ("31002", 1), ("31003", 1)]
    return Layout(files, students, ["index.html", "notes - Oct 5, 2026 1022 PM"])


METADATA = """\
---
submission_501:
  :submitters:
  - :name: Ada A
    :sid: '007'
    :email: ada@example.edu
  :created_at: 2026-10-05 10:22:33.123456000 -07:00
  :score: 3.0
  :results:
    tests:
    - name: ':a'
      score: 1.0
  :history:
  - :created_at: 2026-10-04 10:22:33.123456000 -07:00
    :score: 1.0
submission_502:
  :submitters:
  - :name: Bela B
    :sid: '12'
  - :name: Cleo C
    :email: cleo@example.edu
  :created_at: !ruby/object:ActiveSupport::TimeWithZone
    utc: 2026-10-05 17:22:33 Z
submission_503:
  :submitters: []
  :created_at: '2026-10-05'
submission_504:
  :submitters:
  - :name: Dario
"""


def gradescope() -> Layout:
    top = "assignment_77_export"
    files = {
        f"{top}/submission_metadata.yml": METADATA.encode(),
        f"{top}/submission_501/answer.py": ANSWER,
        f"{top}/submission_502/hw/answer.py": ANSWER,
        f"{top}/submission_503/answer.py": ANSWER,
        f"{top}/submission_505/answer.py": ANSWER,
        "__MACOSX/x": b"x",
    }
    unmatched = ["__MACOSX", f"{top}/submission_503", f"{top}/submission_504", f"{top}/submission_505"]
    return Layout(files, [("12+cleo@example.edu", 1), ("ada@example.edu", 1)], unmatched)


def nbgrader() -> Layout:
    files = {
        "nbgrader_config.py": b"c = get_config()",
        "source/ps1/lab.ipynb": b"{}",
        "release/ps1/lab.ipynb": b"{}",
        "submitted/ada/ps1/lab.ipynb": b"{}",
        "submitted/ada/ps1/timestamp.txt": b"2026-10-05 10:22:33.123456 UTC",
        "submitted/bela/ps1/lab.ipynb": b"{}",
        "submitted/bela/notes.txt": b"x",
        "submitted/log.txt": b"x",
    }
    unmatched = [
        *("nbgrader_config.py", "release", "source", "submitted/bela/notes.txt", "submitted/log.txt"),
    ]
    return Layout(files, [("ada", 1), ("bela", 1)], unmatched)


def github() -> Layout:
    files = {
        "rnn-hw3-ada/.git/config": b"x",
        "rnn-hw3-ada/answer.py": ANSWER,
        "rnn-hw3-ada/README.md": b"x",
        "rnn-hw3-bela-b/.git/config": b"x",
        "rnn-hw3-bela-b/answer.py": ANSWER,
        "rnn-hw3-cleo/.git/config": b"x",
        "old/.git/config": b"x",
        "roster.csv": b"username,first_name,last_name,email,section,github_id\n",
    }
    return Layout(files, [("ada", 1), ("bela-b", 1), ("cleo", 1)], ["old", "roster.csv"])


LAYOUTS: dict[str, Callable[[], Layout]] = {
    "plain": plain,
    "canvas": canvas,
    "moodle": moodle,
    "blackboard": blackboard,
    "brightspace": brightspace,
    "gradescope": gradescope,
    "nbgrader": nbgrader,
    "github": github,
}


def lay_out(folder: Path, files: dict[str, bytes]) -> Path:
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def zipped(path: Path, files: dict[str, bytes]) -> Path:
    path.write_bytes(packed(files))
    return path
