"""What somebody typed into a form that was not taken: it comes back, to be read and to be sent again."""

from __future__ import annotations

import base64
import contextlib
import logging
from collections.abc import Awaitable, Callable, Iterator

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from grader.reports.html.elements import Child, element
from grader.serve.frame import button, form, hidden, message, page

LOG = logging.getLogger("rnngrade.serve")

MOST_FIELDS = 2000
OWN_FIELDS = frozenset({"press", "action", "draft", "who"})
"""What our pages send along unseen; nobody typed it."""

SEEN = "seen/"
"""With a question's id after it: what the page showed of it."""

FILE_NAME, FILE_BYTES = "file-name", "file-bytes"
"""A file that was sent when a session had ended: browsers put none into a form, so its bytes are text."""

LATER = (429, 503)
"""Of HTTP: too many requests, and not now."""

LARGEST_FILE = 2 * 2**20 + 2**19
"""Largest file that comes back: as text it is a third larger, and has to be taken once more."""

LARGEST_FIELD = 4 * 2**20

MESSAGES = {
    401: ("Please sign in", "Open the link that your course gave you, or type your code under /in."),
    404: ("There is no such page", "It is not there, or it is not yours to see."),
    500: (
        "Something failed here",
        "The server failed at this page. What was handed in before is kept; the log has the reason.",
    ),
}


def refused_page(error: HTTPException) -> Response:
    """Why something was not taken, where nothing was typed."""
    title, words = _title_and_text(error)
    return _with_headers(message(title, words, status=error.status_code), error)


def _with_headers(answer: Response, error: HTTPException) -> Response:
    answer.headers.update(error.headers or {})
    return answer


def _title_and_text(error: HTTPException) -> tuple[str, str]:
    if error.status_code in LATER:
        return "Please come back a little later", error.detail
    return MESSAGES.get(error.status_code) or ("That was not taken", error.detail)


async def kept_in_page(page_of: Callable[[], Awaitable[Response]], request: Request) -> Response:
    """What a page answers; where it refuses or fails, what was typed is in the answer."""
    try:
        return await page_of()
    except ClientDisconnect:
        # Nobody reads this; what was sent by half was not kept, and the form is still in the browser.
        return Response(status_code=400)
    except Exception as error:
        # Of what is too large the rest may never come, and nobody could send it again.
        is_too_large = isinstance(error, HTTPException) and error.status_code == 413
        if request.method != "POST" or is_too_large:
            raise
        answer = await _with_what_was_typed(request, error)
        if answer is None:
            raise
        if not isinstance(error, HTTPException):
            LOG.exception("a page failed; what was typed into it was sent back")
        return answer
    finally:
        await request.close()


async def _with_what_was_typed(request: Request, error: Exception) -> Response | None:
    fields: list[tuple[str, str]] = []
    # What was refused for its form cannot be read again.
    with contextlib.suppress(Exception):
        sent = await request.form(max_files=1, max_fields=MOST_FIELDS, max_part_size=LARGEST_FIELD)
        fields = await _fields(sent)
    if not any(value.strip() for name, value in fields if _is_typed(name)):
        return None
    known = error if isinstance(error, HTTPException) else HTTPException(500)
    title, words = _title_and_text(known)
    is_session_over = known.status_code == 401
    explanation = _signing_in() if is_session_over else element("p", {}, words)
    if known.status_code == 409:
        # It is said now; who sends it again means it.
        fields = [one for one in fields if one[0] != "who"]
    again = form(
        request.url.path,
        *hidden(fields),
        button("Send it again"),
        upload=any(name == FILE_BYTES for name, _ in fields),
    )
    back = element("p", {}, element("a", {"href": "/"}, "Back to the course"))
    blocks: list[Child] = [element("h1", {}, title), explanation, again, *_readable(fields), back]
    return _with_headers(page(title, *blocks, status=known.status_code), known)


async def _fields(sent: FormData) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for name, value in sent.multi_items():
        if isinstance(value, str):
            found.append((name, value))
        elif isinstance(value, UploadFile) and value.filename and (value.size or 0) <= LARGEST_FILE:
            await value.seek(0)
            text = base64.b64encode(await value.read()).decode()
            found += [(FILE_NAME, value.filename), (FILE_BYTES, text)]
    return found


def _is_typed(name: str) -> bool:
    return name not in OWN_FIELDS and not name.startswith(SEEN)


def _signing_in() -> Child:
    way = element("a", {"href": "/in", "target": "_blank"}, "sign in in another tab")
    return element(
        "p",
        {},
        "You are not signed in any more. Nothing is lost: ",
        way,
        ", by your code or link. Then come back to this page and send what you typed.",
    )


def _readable(fields: list[tuple[str, str]]) -> Iterator[Child]:
    shown = [
        (name, value) for name, value in fields if value.strip() and _is_typed(name) and name != FILE_BYTES
    ]
    parts: list[Child] = []
    for name, value in shown:
        parts += [element("h2", {}, name.removeprefix("field.")), element("pre", {"class": "words"}, value)]
    yield element("details", {}, element("summary", {}, "What you typed"), *parts)


def file_sent_again(sent: FormData) -> tuple[str, bytes] | None:
    """The name and bytes of the file that such a page sends again; None if it sends none."""
    name, text = sent.get(FILE_NAME), sent.get(FILE_BYTES)
    if not isinstance(name, str) or not isinstance(text, str):
        return None
    try:
        return name, base64.b64decode(text, validate=True)
    except ValueError:
        return None
