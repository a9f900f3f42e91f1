"""What counts goes back to the platform: looked for after the fact, so that marking never waits for it.

Of each student and exercise that a platform wants points for, a row says what the platform has been told. A
thread compares it with what counts whenever anything that bears on it was written, by whomever: a marking,
points given by hand, a regrade, a hint, the course file. What differs is sent until it is taken, with pauses
that grow.
"""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import Row

from grader.errors import GraderError
from grader.gradebook.course_identity import CoursePlatform
from grader.gradebook.gradebook import Gradebook
from grader.serve.courses import CourseFolder
from grader.serve.identity.lti.passback_rows import (
    SeenUpTo,
    changed_students,
    claim,
    due,
    newly_wanted,
    note_wanted,
    seen_in,
    settle,
)

if TYPE_CHECKING:
    from grader.serve.identity.lti.scores import Sender

LOG = logging.getLogger("rnngrade.serve.passback")

LOOK_AGAIN_S = 3.0
ALL_AGAIN_S = 600.0
"""Seconds after which everything is compared, whatever seems to have changed."""

ALL_AT_MOST_S = 30.0
"""Fewest seconds between two comparisons of everything, however much staff do."""


FIRST_PAUSE_S = 30.0
LONGEST_PAUSE_S = 6 * 3600.0


class Passback:
    """A thread that tells platforms what counts.

    Args:
        book: Where everything is kept.
        course: The course as its folder has it now.
        first_pause_s: How long it waits where a platform did not take something; then twice as long.
    """

    def __init__(
        self,
        book: Gradebook,
        course: Callable[[], CourseFolder],
        first_pause_s: float = FIRST_PAUSE_S,
    ) -> None:
        self.book = book
        self.course = course
        self.first_pause_s = first_pause_s
        self._seen = SeenUpTo()
        self._all_at = -ALL_AGAIN_S
        self._senders: dict[tuple[str, str], Sender] = {}
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="passback", daemon=True)

    def start(self) -> None:
        """Begin; where the course has no platform, nothing is done until it has one."""
        self._thread.start()

    def stop(self) -> None:
        """End; what was not sent is sent by the next server."""
        self._ending.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._ending.wait(LOOK_AGAIN_S):
            try:
                self.look()
            except Exception:
                # The database may be gone for a while; what counts stays in it.
                LOG.exception("points are sent again in %s s", LOOK_AGAIN_S)

    def look(self) -> None:
        """Compare what may have changed, and send what is due."""
        lti = self.course().course.lti
        if lti is None or not lti.platform:
            return
        self._compare()
        for platform in lti.platform:
            self._send_due(platform)

    def _compare(self) -> None:
        course = self.course()
        with self.book.reading() as connection:
            seen, now = seen_in(connection, course), time.monotonic()
            is_for_all = seen.of_all != self._seen.of_all or now > self._all_at + ALL_AGAIN_S
            if is_for_all and now > self._all_at + ALL_AT_MOST_S:
                people = None
                self._all_at = now
            else:
                seen = msgspec.structs.replace(seen, of_all=self._seen.of_all)
                people = changed_students(connection, self._seen) if seen != self._seen else set()
            scores = newly_wanted(connection, course, people)
        if scores:
            with self.book.writing() as connection:
                for key, score in scores:
                    note_wanted(connection, key, score)
        self._seen = seen

    def _send_due(self, platform: CoursePlatform) -> None:
        with self.book.reading() as connection:
            if connection.execute(due(platform)).first() is None:
                return
        with self.book.writing() as connection:
            claimed = claim(connection, platform)
        failed: GraderError | None = None
        for row in claimed:
            error = failed or self._send(platform, row)
            with self.book.writing() as connection:
                settle(connection, row, error, self._pause_s(row.tries))
            if error is not None and failed is None and not _is_of_one(error):
                # Not each score of a platform that is down waits for it in turn.
                failed = error

    def _send(self, platform: CoursePlatform, row: Row[Any]) -> GraderError | None:
        """Send one score; what went wrong."""
        from grader.serve.identity.lti.scores import Score, Sender

        name = (platform.issuer, platform.client_id)
        sender = self._senders.get(name)
        if sender is None or sender.platform != platform:
            sender = self._senders[name] = Sender(platform, self.course().folder)
        try:
            score = msgspec.json.decode(row.wanted, type=Score)
            sender.send(row.line_item, row.subject, score, row.wanted_at)
        except GraderError as error:
            LOG.warning("%s was not told a score (%s); tried again later", platform.name, error.message)
            return error
        return None

    def _pause_s(self, tries: int) -> float:
        longest = min(self.first_pause_s * 2.0 ** min(tries, 20), LONGEST_PAUSE_S)
        return longest * random.uniform(0.5, 1.0)


def _is_of_one(error: GraderError) -> bool:
    from grader.serve.identity.lti.scores import Refusal

    return isinstance(error, Refusal)
