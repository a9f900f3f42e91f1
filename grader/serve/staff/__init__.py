"""What staff see and do, a file a page; `ROUTES` has them all."""

from __future__ import annotations

from grader.serve.staff import (
    as_student,
    complaints,
    exercise,
    giving,
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
    *giving.ROUTES,
    *regrade.ROUTES,
    *roster.ROUTES,
    *student.ROUTES,
    *uploads.ROUTES,
    *words.ROUTES,
)
