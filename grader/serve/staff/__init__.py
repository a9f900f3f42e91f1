"""What staff see and do, a file a page; `ROUTES` has them all."""

from __future__ import annotations

from grader.serve.staff import people, words

ROUTES = (*people.ROUTES, *words.ROUTES)
