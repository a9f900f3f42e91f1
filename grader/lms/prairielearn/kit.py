"""PrairieLearn's kit: a question that is marked by an external grader, and the recipe of the grader's image.

Images are public, so what is right in an exercise of the course's own lies in the question's folder `tests`,
which PrairieLearn hands to the grader alone.

Source: PrairieLearn/PrairieLearn, apps/prairielearn/src/schemas/schemas/infoQuestion.json;
docs/externalGrading.md; docs/dockerImages.md; elements/pl-file-editor/pl-file-editor.py.
"""

from __future__ import annotations

import html
import json
import math
import shlex
import sys
import uuid

from grader.lms.kit import Kit, KitContents, PromptHtml
from grader.lms.own_wheel import PACKAGE, constraints
from grader.model.exercise import Exercise

PROGRAM = f"/opt/{PACKAGE}/bin/{PACKAGE}"
# The container's own start, and that of the sandbox, on a busy machine.
START_S, MOST_S = 30, 600
# Mustache reads {{ before the page is made; MathJax reads $ after it.
IN_TEMPLATE = str.maketrans({"{": "&#123;", "}": "&#125;"})
DOLLAR = '<span class="mathjax_ignore">$</span>'


def _files(contents: KitContents) -> dict[str, bytes]:
    question = f"questions/{PACKAGE}-{contents.name}"
    wheel, data = contents.wheel
    files = {
        f"{question}/info.json": f"{json.dumps(_info(contents), indent=2)}\n".encode(),
        f"{question}/question.html": _page(contents.exercise).encode(),
        f"{question}/answer.py": contents.template.encode(),
        "image/Dockerfile": _recipe(wheel).encode(),
        "image/constraints.txt": constraints().encode(),
        f"image/{wheel}": data,
    }
    if contents.exercise_file is not None:
        files[f"{question}/tests/{contents.exercise_file[0]}"] = contents.exercise_file[1]
    return files


def _info(contents: KitContents) -> dict[str, object]:
    own = contents.exercise_file
    exercise = f"/grade/tests/{own[0]}" if own else contents.exercise.id
    wait = math.ceil(2 * contents.exercise.limits.wall_s) + START_S
    return {
        # One for each exercise and question: written anew, it stays the same question.
        "uuid": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{PACKAGE}:{contents.name}")),
        "title": contents.exercise.title,
        "topic": "Recurrent neural networks",
        "tags": [PACKAGE],
        "type": "v3",
        "singleVariant": True,
        "showCorrectAnswer": False,
        "gradingMethod": "External",
        "externalGradingOptions": {
            "image": contents.image,
            "entrypoint": [PROGRAM, *contents.words("prairielearn", exercise)],
            "timeout": min(wait, MOST_S),
        },
    }


def _page(exercise: Exercise) -> str:
    shown = PromptHtml(_formula, _text)
    asked = "\n".join(map(shown.question, exercise.questions))
    return f"""\
<pl-question-panel>
{shown.paragraphs(exercise.introduction)}
{asked}
  <pl-file-editor file-name="answer.py" ace-mode="ace/mode/python" source-file-name="answer.py">
  </pl-file-editor>
</pl-question-panel>

<pl-submission-panel>
  <pl-external-grader-results></pl-external-grader-results>
  <pl-file-preview></pl-file-preview>
</pl-submission-panel>
"""


def _formula(tex: str, is_display: bool) -> str:
    around = "$$" if is_display else "$"
    return f"{around}{_escaped(tex)}{around}"


def _text(text: str) -> str:
    return _escaped(text).replace("$", DOLLAR)


def _escaped(text: str) -> str:
    return html.escape(text).translate(IN_TEMPLATE)


def _recipe(wheel: str) -> str:
    copied = json.dumps(["constraints.txt", wheel, "/tmp/"])
    return f"""\
# docker build --platform linux/amd64 -t IMAGE . && docker push IMAGE
# Images are public: nothing in here is secret, and no exercise of your own belongs here.
FROM python:{sys.version_info.major}.{sys.version_info.minor}-slim
COPY {copied}
RUN python -m venv /opt/{PACKAGE}
RUN /opt/{PACKAGE}/bin/pip install --no-cache-dir --constraint /tmp/constraints.txt /tmp/{shlex.quote(wheel)}
RUN {PROGRAM} --version
"""


KITS = (
    Kit(
        command="prairielearn",
        help="""Write a question that an external grader marks, and the recipe of the grader's image.

        Images are public: an exercise file of your own goes into the question's folder tests, which no
        student is given.
        """,
        files=_files,
        next_step="put questions/ into the course, where tests/ is for staff and the grader; build and push "
        f"image/, and sync it. `docker run IMAGE {PROGRAM} doctor` tells whether it can shut code in",
        runs_image=True,
    ),
)
