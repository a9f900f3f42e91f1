"""What staff see and do, a file a page; `ROUTES` has them all."""

from __future__ import annotations

from grader.serve.staff import (
    as_student,
    complaints,
    exercise,
    extensions,
    feedback,
    given_points,
    links_and_log,
    overview,
    regrade,
    roster,
    student,
    uploads,
    words,
)

ROUTES = (
    *overview.ROUTES,
    *as_student.ROUTES,
    *complaints.ROUTES,
    *exercise.ROUTES,
    *extensions.ROUTES,
    *feedback.ROUTES,
    *given_points.ROUTES,
    *links_and_log.ROUTES,
    *regrade.ROUTES,
    *roster.ROUTES,
    *student.ROUTES,
    *uploads.ROUTES,
    *words.ROUTES,
)
