"""What is shown of a marking: the next thing to do on top, then what has changed since the last one."""

from __future__ import annotations

import textwrap
import time
from collections.abc import Callable, Mapping

from grader.model.outcome import Verdict
from grader.reports.next_step import next_question, nothing_left
from grader.reports.printable import printable
from grader.watching.marking import MarkedSave, WatchedQuestion

KEYS = "Keys: h hint, n next question, l list, q quit."
NOT_YET = "Nothing is marked yet."
CLOCK = "%H:%M:%S"


class Screen:
    """Texts to be written one below the other; keeps what was shown last.

    Args:
        prompts: The beginning of each question's prompt, by id.
        width: Columns of the terminal, which may change.
        is_ascii: Whether the terminal has nothing but ASCII.
        clock: The time of day, as it is shown.
    """

    def __init__(
        self,
        prompts: Mapping[str, str],
        *,
        width: Callable[[], int] = lambda: 80,
        is_ascii: bool = False,
        clock: Callable[[], str] = lambda: time.strftime(CLOCK),
    ) -> None:
        self._prompts = prompts
        self._width = width
        self._rule = "--" if is_ascii else "──"
        self._clock = clock
        self._last: dict[str, WatchedQuestion] = {}
        self._broken: tuple[str, ...] = ()
        self._printed = ""
        self._notes: tuple[str, ...] = ()
        self._focus: str | None = None
        self._hints: dict[str, int] = {}

    def of(self, marking: MarkedSave) -> str:
        """The text of a marking: all of it the first time, later only what has changed."""
        if marking.broken:
            return self._of_broken(marking)
        is_first = not self._last
        changed = [one for one in marking.questions if not is_first and self._is_new(one)]
        self._focus = self._new_focus(marking, changed)
        lines = [self._title(marking.total), *self._next_line(marking.questions, marking.verdicts)]
        if is_first:
            lines += ["", *self._question(marking.questions, self._focus), "", *_list(marking.questions)]
        for one in changed:
            lines += ["", one.headline, *self._before(one), *_details(one)]
        if not is_first and not changed and not self._broken:
            lines.append("Nothing has changed.")
        lines += self._news(marking)
        self._last = {one.id: one for one in marking.questions}
        self._broken = ()
        return _text(lines)

    def note(self, message: str) -> str:
        """One line with the time in front.

        Args:
            message: A sentence; nothing of a student's that is not cleaned.
        """
        return _text([self._title(message)])

    def hint(self) -> str:
        """The next hint for the question that is looked at."""
        question = self._last.get(self._focus or "")
        if question is None:
            return _text(["There is no question to give a hint for."])
        given = self._hints.get(question.id, 0)
        if given >= len(question.hints):
            more = "no more hints" if given else "no hints"
            if question.held_hints:
                how = f"rnngrade hint ANSWER {question.id} says how"
                return _text(
                    self._wrapped(f"More hints for {question.id} are to be earned or paid for: {how}.")
                )
            return _text([f"There are {more} for {question.id}."])
        self._hints[question.id] = given + 1
        return _text(["", *self._wrapped(printable(f"{question.id}: {question.hints[given]}"))])

    def following(self) -> str:
        """The next question that is not solved."""
        verdicts = {one.id: one.verdict for one in self._last.values()}
        if not verdicts:
            return _text([NOT_YET])
        self._focus = next_question(verdicts, self._focus)
        questions = tuple(self._last.values())
        return _text(["", *self._next_line(questions, verdicts), *self._question(questions, self._focus)])

    def listing(self) -> str:
        """Every question with its verdict and points."""
        return _text(["", *_list(tuple(self._last.values()))] if self._last else [NOT_YET])

    def _of_broken(self, marking: MarkedSave) -> str:
        """A file that cannot be read says nothing of the questions: what was known of them stays."""
        lines = [self._title("the answer cannot be read as it is saved now")]
        reason = f"Next, mend this. {printable('; '.join(marking.broken))}"
        lines += ["The reason is the same."] if marking.broken == self._broken else self._wrapped(reason)
        self._broken = marking.broken
        return _text([*lines, *self._news(marking)])

    def _is_new(self, one: WatchedQuestion) -> bool:
        before = self._last.get(one.id)
        return before is None or (before.headline, before.details) != (one.headline, one.details)

    def _new_focus(self, marking: MarkedSave, changed: list[WatchedQuestion]) -> str | None:
        """The question that was worked at, as far as can be told, or the one after it."""
        worked_at = next((one.id for one in changed if one.next_line), None)
        if worked_at is not None:
            return worked_at
        if any(one.id == self._focus and one.next_line for one in marking.questions):
            return self._focus
        return next_question(marking.verdicts, self._focus)

    def _next_line(
        self, questions: tuple[WatchedQuestion, ...], verdicts: Mapping[str, Verdict]
    ) -> list[str]:
        line = next((one.next_line for one in questions if one.id == self._focus), "")
        return self._wrapped(line or nothing_left(verdicts))

    def _question(self, questions: tuple[WatchedQuestion, ...], wanted: str | None) -> list[str]:
        """What is wrong in a question, or what it asks where nothing is handed in."""
        for one in questions:
            if one.id == wanted:
                return [*self._wrapped(self._prompts.get(one.id, ""), "  "), *_details(one)]
        return []

    def _before(self, one: WatchedQuestion) -> list[str]:
        before = self._last.get(one.id)
        if before is None or before.headline == one.headline:
            return []
        return [f"    It was {before.verdict.value}, {before.points}."]

    def _news(self, marking: MarkedSave) -> list[str]:
        lines = []
        for note in marking.notes:
            if note not in self._notes:
                lines += ["", *self._wrapped(printable(note))]
        if marking.printed != self._printed:
            lines += ["", "Your code printed:" if marking.printed else "Your code prints nothing now."]
            lines += [marking.printed] if marking.printed else []
        self._notes, self._printed = marking.notes, marking.printed
        return lines

    def _wrapped(self, text: str, indent: str = "") -> list[str]:
        width = max(self._width() - 1, 20)
        return textwrap.wrap(text, width, initial_indent=indent, subsequent_indent=indent)

    def _title(self, text: str) -> str:
        return f"\n{self._rule} {self._clock()}  {text}"


def _list(questions: tuple[WatchedQuestion, ...]) -> list[str]:
    return [one.headline for one in questions]


def _details(one: WatchedQuestion) -> list[str]:
    return [one.details] if one.details.strip() else []


def _text(lines: list[str]) -> str:
    return "\n".join(lines) + "\n"
