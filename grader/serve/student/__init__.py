"""What students see: the course, an exercise question by question, and reports of what they handed in."""

from grader.serve.student import (
    complaints,
    course_page,
    exercise_page,
    handing_in,
    hints,
    report_page,
    typed_page,
)

PAGES = (course_page, exercise_page, handing_in, hints, report_page, complaints, typed_page)
ROUTES = tuple(route for page in PAGES for route in page.ROUTES)

WATCHED = "/hand-in/{number:int}/events"
IN_TURN = frozenset(path for path, *_ in ROUTES) - {WATCHED}
"""Pages that a whole class may ask for at one moment; who watches the place in the queue asks for none."""
