"""What students see: the course, an exercise question by question, and reports of what they handed in."""

from grader.serve.student import course_page, exercise_page, handing_in, hints, report_page, typed_page

ROUTES = (
    *course_page.ROUTES,
    *exercise_page.ROUTES,
    *handing_in.ROUTES,
    *hints.ROUTES,
    *report_page.ROUTES,
    *typed_page.ROUTES,
)

WATCHED = "/hand-in/{number:int}/events"
IN_TURN = frozenset(path for path, *_ in ROUTES) - {WATCHED}
"""Pages that a whole class may ask for at one moment; who watches the place in the queue asks for none."""
