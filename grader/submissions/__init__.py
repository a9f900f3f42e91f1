"""Step 2: from files to a `Submission`, and which exercise it answers."""

from grader.submissions.collect import collect, collect_from, collect_json, collect_submitted
from grader.submissions.collector import NothingHandedIn, build_submission
from grader.submissions.which_exercise import (
    KnownExercise,
    Naming,
    name_exercise,
    other_exercise,
    stated_exercise,
)

__all__ = [
    "KnownExercise",
    "Naming",
    "NothingHandedIn",
    "build_submission",
    "collect",
    "collect_from",
    "collect_json",
    "collect_submitted",
    "name_exercise",
    "other_exercise",
    "stated_exercise",
]
