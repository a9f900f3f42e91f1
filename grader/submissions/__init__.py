"""Step 2: what was handed in."""

from grader.submissions.collect import (
    NothingHandedIn,
    build_submission,
    collect,
    collect_json,
    empty_submission,
)
from grader.submissions.naming import Known, Naming, name_exercise, other_exercise

__all__ = [
    "Known",
    "Naming",
    "NothingHandedIn",
    "build_submission",
    "collect",
    "collect_json",
    "empty_submission",
    "name_exercise",
    "other_exercise",
]
