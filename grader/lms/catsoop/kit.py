"""CAT-SOOP's kit: a question type for a course, and a page that asks an exercise with it.

The type is a box to type Python into. Its check never runs what was typed in CAT-SOOP's own process: it
starts `rnngrade harness catsoop`, which does so in the sandbox and leaves no result where it cannot decide.
Then the score is None ("Grade not available."), since an exception would be a zero.

Source: catsoop 19.0.9, tutor.py (question, make_score_display), scripts/checker.py (do_check),
__QTYPES__/{smallbox,bigbox}, language.py (handle_custom_tags, `<math>`).
"""

from __future__ import annotations

import html

from grader.lms.kit import Kit, KitContents, PromptHtml
from grader.model.exercise import Question

HERE = "__QTYPES__/rnngrade"
TYPE = '''\
"""A question that rnngrade marks: the name of the question is the id of the exercise's question.

<question rnngrade>
csq_name = "b_i"
csq_exercise = "mit-6390-recitation-8"
csq_npoints = 5
</question>

csq_exercise is an id from `rnngrade list`, or a .toml file beside this one, which no student can load.
csq_rnngrade is the program: install it into an environment of its own, for the user that runs CAT-SOOP.
"""

import json
import os
import subprocess
import sys
import tempfile

tutor.qtype_inherit("bigbox")
bigbox, _ = tutor.question("bigbox")

defaults = dict(bigbox["defaults"])
defaults.update({"csq_exercise": "", "csq_question": "", "csq_hints": 0, "csq_rnngrade": "rnngrade"})
defaults.update({"csq_seconds": 120, "csq_rows": 12, "csq_cols": 80})

NOT_MARKED = "<p>This could not be marked. It does not count as wrong; please tell your instructor.</p>"


def exercise_of(info):
    name = info["csq_exercise"]
    if not name.endswith(".toml"):
        return name
    root = globals().get("cs_data_root") or base_context.cs_data_root
    return os.path.join(root, "courses", cs_course, "__QTYPES__", "rnngrade", os.path.basename(name))


def handle_submission(submissions, **info):
    given = submissions[info["csq_name"]]
    text = given["data"] if isinstance(given, dict) else given
    try:
        return marked(text if isinstance(text, bytes) else text.encode("utf-8", "replace"), info)
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        # For staff, in the log; a None is no zero.
        print("rnngrade:", info["csq_name"], error, file=sys.stderr)
        return {"score": None, "msg": NOT_MARKED}


def marked(text, info):
    with tempfile.TemporaryDirectory() as place:
        answer, result = os.path.join(place, "answer"), os.path.join(place, "result.json")
        os.mkdir(answer)
        with open(os.path.join(answer, "answer.py"), "wb") as file:
            file.write(text)
        words = [info["csq_rnngrade"], "harness", "catsoop", "--exercise", exercise_of(info)]
        words += ["--question", info["csq_question"] or info["csq_name"], "--hints", str(info["csq_hints"])]
        done = subprocess.run(
            [*words, "--submission", answer, "--results", result],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace",
            timeout=info["csq_seconds"], cwd=place,
        )
        if done.returncode != 0:
            raise ValueError(done.stderr.strip() or "rnngrade ended with %d" % done.returncode)
        with open(result) as file:
            return json.load(file)
'''


def _files(contents: KitContents) -> dict[str, bytes]:
    files = {
        f"{HERE}/rnngrade.py": TYPE.encode(),
        f"{HERE}/{contents.wheel[0]}": contents.wheel[1],
        f"{contents.name}/content.py": _page(contents).encode(),
    }
    if contents.exercise_file is not None:
        files[f"{HERE}/{contents.exercise_file[0]}"] = contents.exercise_file[1]
    return files


def _page(contents: KitContents) -> str:
    exercise = contents.exercise
    shown = PromptHtml(_formula)
    name = contents.exercise_file[0] if contents.exercise_file else exercise.id
    asked = "\n".join(_asked(one, shown, name, contents.hints) for one in exercise.questions)
    return f"""\
cs_long_name = cs_content_header = {html.escape(exercise.title)!r}

# Nothing in this file is secret.
cs_problem_spec = [
    {shown.paragraphs(exercise.introduction)!r},
{asked}
]
"""


def _asked(question: Question, shown: PromptHtml, exercise: str, hints: int) -> str:
    options = {
        "csq_name": question.id,
        "csq_exercise": exercise,
        "csq_npoints": float(question.points),
        "csq_hints": hints,
        "csq_allow_viewanswer": False,
    }
    given = ", ".join(f"{key}={value!r}" for key, value in options.items())
    return f"    {shown.question(question)!r},\n    tutor.question(globals(), 'rnngrade', {given}),"


def _formula(tex: str, is_display: bool) -> str:
    tag = "displaymath" if is_display else "math"
    return f"<{tag}>{html.escape(tex)}</{tag}>"


KITS = (
    Kit(
        command="catsoop",
        help="""Write a question type for a course, and a page that asks EXERCISE with it.

        What is typed is run by `rnngrade harness catsoop` in the sandbox, never by CAT-SOOP itself.
        """,
        files=_files,
        next_step=f"put all of it into the course's folder; {HERE} is for staff, nothing of it is served. "
        "Install the wheel in it, and see that rnngrade is on the PATH of CAT-SOOP's checker",
    ),
)
