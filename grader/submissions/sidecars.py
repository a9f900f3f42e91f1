"""What platforms and tools put beside an answer: neither an answer nor worth a word that it is not read.

nbgrader: timestamp.txt (plugins/exchange). Gradescope: results.json and submission_metadata.json
(docs/specs.md). PrairieLearn: results.json (docs/externalGrading.md). Classroom 50: result.json,
release-body.md, .classroom50.yaml (wiki/Advanced-Autograding). Otter: .OTTER_LOG, __zip_filename__, *.otter.
Names that begin with a dot are a tool's.
"""

from __future__ import annotations

import json
import os

NAMES = ("timestamp.txt", "release-body.md", "__zip_filename__")
SUFFIX = ".otter"
RESULTS = ("results.json", "result.json")
METADATA = "submission_metadata.json"
METADATA_KEYS = {"users", "assignment"}
# A student may call an answer results.json; it is a platform's if it holds nothing but these.
RESULT_KEYS = {
    *("score", "max_score", "max-score", "execution_time", "output", "output_format", "extra_data"),
    *("tests", "test_output_format", "test_name_format", "visibility", "stdout_visibility", "leaderboard"),
    *("gradable", "format_errors", "images", "message", "schema", "classroom", "assignment", "submission"),
    *("commit", "release", "review", "datetime", "owner", "assignment_type", "graded_at", "status"),
}
TELLING = {"tests", "schema"}


def is_beside_an_answer(name: str, answer_suffixes: tuple[str, ...]) -> bool:
    """Whether a file or folder is told to be no answer by its name alone.

    Args:
        name: Its name.
        answer_suffixes: Of files that may be answers, even where the name begins with a dot.
    """
    lower = name.lower()
    is_hidden = name.startswith(".") and os.path.splitext(lower)[1] not in answer_suffixes
    return lower in NAMES or lower.endswith(SUFFIX) or is_hidden


def is_a_platforms(name: str, data: bytes) -> bool:
    """Whether a JSON file is the result or metadata of a platform.

    Args:
        name: Its name.
        data: Its bytes.
    """
    lower = name.lower()
    if lower not in (*RESULTS, METADATA):
        return False
    try:
        record = json.loads(data)
    except (ValueError, RecursionError):
        return False
    keys = set(record) if isinstance(record, dict) else set()
    if lower == METADATA:
        return keys >= METADATA_KEYS
    return keys <= RESULT_KEYS and (bool(keys & TELLING) or ("score" in keys and len(keys) > 1))
