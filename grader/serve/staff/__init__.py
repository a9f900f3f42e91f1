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

PAGES = (overview, as_student, complaints, exercise, giving, regrade, roster, student, uploads, words)
ROUTES = tuple(route for page in PAGES for route in page.ROUTES)
