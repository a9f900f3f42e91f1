"""What staff see and do, a file a page; `ROUTES` has them all."""

from __future__ import annotations

from grader.serve.staff import exercise, overview, people, student, words

ROUTES = (
    *overview.ROUTES,
    *exercise.ROUTES,
    *people.ROUTES,
    *student.ROUTES,
    *words.ROUTES,
)
