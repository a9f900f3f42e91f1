"""What staff see and do, a file a page; `ROUTES` has them all."""

from __future__ import annotations

from grader.serve.staff import people, student, words

ROUTES = (*people.ROUTES, *student.ROUTES, *words.ROUTES)
