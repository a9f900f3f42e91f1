"""Hints on an exercise's page: each shows its cost before; once asked for it is recorded and stays shown."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from fractions import Fraction

import msgspec
from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from grader.gradebook.hint_costs import ShownHint, course_terms, hints_that_count
from grader.gradebook.records import StoredAttempt
from grader.gradebook.shown_hints import attempts_at, course_offer, keep_shown_hints, shown_hints
from grader.model.exercise import Exercise, Question
from grader.model.hints import HintOffer, hint_offer
from grader.model.text import counted
from grader.reports.html.elements import Child, element, prose
from grader.reports.wording import cost_text
from grader.serve.frame import button
from grader.serve.in_path import own_exercise, question_of
from grader.serve.server import Server
from grader.serve.student.rules import allowed_now
from grader.serve.student.sent_form import keep_others, most_sent, read_sent, require_same_person
from grader.specs.hint_policy import HintPolicy


class HintsOf(msgspec.Struct, frozen=True):
    """What a student sees of a question's hints.

    Args:
        shown: Numbers of those that were asked for, with what they cost then.
        offers: One for each that was not.
    """

    shown: dict[int, Fraction] = {}
    offers: tuple[HintOffer, ...] = ()


def hints_of(
    connection: Connection,
    exercise: Exercise,
    person: str,
    policy: HintPolicy | None,
    attempts: Sequence[StoredAttempt],
) -> dict[str, HintsOf]:
    """The hints of each question."""
    counted = hints_that_count(shown_hints(connection, exercise.id, person))
    found = {}
    for question in exercise.questions:
        terms = course_terms(question, policy)
        shown = {at: Fraction(one.cost) for (of, at), one in counted.items() if of == question.id}
        tried = attempts_at(attempts, question.id)
        others = (number for number in range(1, len(terms) + 1) if number not in shown)
        offers = tuple(hint_offer(terms, number, shown, tried) for number in others)
        found[question.id] = HintsOf(shown, offers)
    return found


def hint_blocks(exercise: Exercise, question: Question, hints: HintsOf) -> Iterator[Child]:
    """Hints that were shown, and a button for the next one."""
    for number, cost in sorted(hints.shown.items()):
        if number <= len(question.hints):
            took = f", which cost {cost_text(cost)}" if cost else ""
            summary = element("summary", {}, f"Hint {number}{took}")
            yield element("details", {"class": "hint"}, summary, prose(question.hints[number - 1]))
    if not hints.offers:
        return
    offer, count = hints.offers[0], len(question.hints)
    match offer.state:
        case "open":
            words = f"Show hint {offer.number} of {count}: costs nothing"
        case "costs":
            words = f"Show hint {offer.number} of {count}: costs {cost_text(offer.cost)} of this question"
        case _:
            costs = f" and costs {cost_text(offer.cost)}" if offer.cost else ""
            when = f"Hint {offer.number} of {count} comes after {counted(offer.more, 'more attempt')}{costs}."
            yield element("p", {"class": "quiet"}, when)
            return
    path = f"/exercise/{exercise.id}/{question.id}/hint/{offer.number}"
    # Of the page's one form: what was typed is kept before the hint is shown.
    yield element("p", {}, button(words, formaction=path))


async def show_hint(server: Server, request: Request) -> Response:
    """Records that a hint was shown; the page of the exercise then shows it."""
    person = await server.require_person(request)
    exercise = await own_exercise(server, request, person.id)
    question, number = question_of(exercise, request), request.path_params["number"]
    if not 1 <= number <= len(question.hints):
        raise HTTPException(404)
    async with request.form(max_files=1, max_fields=most_sent(exercise)) as form:
        sent = read_sent(form, exercise)
    require_same_person(sent.given, person)
    course = server.course.course
    policy = course.policy(person.id, exercise.id).hints

    def show(connection: Connection) -> HintOffer | None:
        if allowed_now(connection, course, person.id, exercise.id, question.id).why == "opens":
            return None
        keep_others(connection, person, exercise, sent)
        offer = course_offer(connection, exercise.id, question, person.id, number, policy)
        if offer.state in ("open", "costs"):
            hint = ShownHint(
                student=person.id,
                exercise=exercise.id,
                question=question.id,
                number=number,
                who=person.id,
                cost=str(offer.cost),
                shown_at=_shown_at(),
            )
            keep_shown_hints(connection, [hint])
        return offer

    offer = await server.writing(show)
    if offer is None:
        raise HTTPException(404)
    if offer.state in ("later", "order"):
        raise HTTPException(409, "This hint is not to be had yet. Nothing was recorded.")
    return RedirectResponse(f"/exercise/{exercise.id}#question-{question.id}", 303)


def _shown_at() -> str:
    """A second ago: times of handing in are whole seconds, and one of the same second came later."""
    at = datetime.datetime.now(datetime.UTC) - datetime.timedelta(seconds=1)
    return at.isoformat(timespec="seconds")


ROUTES = (("/exercise/{exercise}/{question}/hint/{number:int}", show_hint, "POST"),)
