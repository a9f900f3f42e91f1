"""`rnngrade watch ANSWER`."""

from __future__ import annotations

import os
import select
from typing import TYPE_CHECKING

import click

from grader.cli import _output
from grader.cli._answer import UNTOUCHED, choose_exercise, collected, is_untouched
from grader.cli._command import Command
from grader.cli._main import ExitCode
from grader.cli._options import find_question
from grader.cli._variant import WhoseVariant, load_variant, variant_option

if TYPE_CHECKING:
    from grader.model.exercise import Exercise
    from grader.model.submission import Submission
    from grader.watching.keys import Keys
    from grader.watching.marker import WatchMarker
    from grader.watching.marking import MarkedSave, WatchedAnswer
    from grader.watching.saves import Saves
    from grader.watching.screen import Screen

LONG_S = 1.5
"""Seconds after which a note says that marking takes long: only an answer's own code takes longer."""

NOT_HELD = "nothing but limits holds the code on this machine: watch only files that you trust"
RESTLESS_S = 3.0
"""Seconds of saves without a pause: no person does that."""


@click.command(
    cls=Command,
    examples=(
        "rnngrade watch answer.py",
        "rnngrade watch answer.py --question b_i",
        "rnngrade watch week3/ --exercise week3.toml",
    ),
)
@click.argument("answer")
@click.option("--exercise", help="Which exercise it answers: an id from `rnngrade list`, or a .toml file.")
@click.option("--question", help="Mark this question only; its fields may then stand at top level.")
@variant_option
def command(answer: str, exercise: str | None, question: str | None, variant: str | None) -> int:
    """Mark ANSWER whenever it is saved, and show what has changed.

    ANSWER is a .py, .ipynb, .json or .npz file, or a folder of them. What to do next stands on top; below it
    stand the questions whose verdict or report has changed since the last save. While it runs, h gives a
    hint, n goes to the next question, l lists all of them and q ends it, as Ctrl-C does. The exit code is
    that of `rnngrade submit` for what was marked last; 2 where nothing could be marked.
    """
    from grader.errors import not_on_windows
    from grader.watching.saves import Saves

    if not hasattr(os, "fork"):
        raise not_on_windows("an answer cannot be watched")
    if answer == "-":
        raise click.UsageError("standard input is not saved again and again: give a file or a folder")
    # Before it is read: what is saved from now on is seen.
    saves = Saves(answer)
    submission = collected(answer, None, is_exercise_given=exercise is not None)
    chosen = choose_exercise(submission, exercise)
    loaded = load_variant(chosen.name, WhoseVariant(variant, answer=submission))
    question_id = find_question(loaded, question).id if question else None
    from grader.classroom.machines import longest_s
    from grader.watching.keys import Keys
    from grader.watching.marker import WatchMarker
    from grader.watching.screen import Screen

    is_ascii = not _output.can_show("ᵗₜ─")
    marker = WatchMarker(longest_s(loaded))
    try:
        screen = Screen(_prompts(loaded, is_ascii), width=_output.width, is_ascii=is_ascii)
        watch = Watch(answer, loaded, question_id, saves, marker, screen)
        with Keys() as keys:
            watch.begin(submission, has_keys=keys.fd is not None)
            watch.until_ended(keys)
    except (KeyboardInterrupt, click.Abort):
        _output.show("\n")
    finally:
        marker.close()
    return watch.exit_code()


def _prompts(exercise: Exercise, is_ascii: bool) -> dict[str, str]:
    from grader.reports.next_step import short_prompt

    return {one.id: short_prompt(one.prompt, is_ascii=is_ascii) for one in exercise.questions}


class Watch:
    """Goes from saves and keys to what is shown.

    Args:
        answer: The path as typed.
        exercise: What it answers.
        question: Mark this question alone.
        saves: Tells when the answer was saved.
        marker: Marks it.
        screen: What is shown of that.
    """

    def __init__(
        self,
        answer: str,
        exercise: Exercise,
        question: str | None,
        saves: Saves,
        marker: WatchMarker,
        screen: Screen,
    ) -> None:
        self._answer, self._exercise, self._question = answer, exercise, question
        self._saves, self._marker, self._screen = saves, marker, screen
        self._read: Submission | None = None
        self._held: tuple[Submission, MarkedSave] | None = None
        self._last: MarkedSave | None = None
        self._has_failed = False
        self._problem = ""
        self._said = ""

    def begin(self, submission: Submission, *, has_keys: bool) -> None:
        """Have the answer marked for the first time.

        Args:
            submission: As it was read.
            has_keys: Whether keys can be pressed.
        """
        from grader.watching.screen import KEYS

        name = _output.one_line(os.path.basename(os.path.normpath(self._answer)))
        _output.show(f"Watching {name} for {self._exercise.id}. {KEYS if has_keys else 'Ctrl-C ends it.'}\n")
        self._take(submission)

    def until_ended(self, keys: Keys) -> None:
        """Watch until it is ended by a key."""
        from grader.watching.saves import LOOK_S

        while True:
            result = self._marker.fileno() if self._marker.is_running else None
            waited_for = [one for one in (result, keys.fd) if one is not None]
            ready, _, _ = select.select(waited_for, [], [], LOOK_S)
            if keys.fd in ready and not self._obey(keys.pressed()):
                return
            if self._saves.is_due():
                self._read_again()
            self._advance(is_readable=result in ready)
            self._say_what_takes_long()

    def exit_code(self) -> int:
        """The exit code of `submit` for the answer that was marked last."""
        if self._has_failed:
            return ExitCode.OUR_FAILURE
        if self._last is None:
            return ExitCode.USAGE
        if self._last.is_undecided:
            return ExitCode.OUR_FAILURE
        from fractions import Fraction

        return ExitCode.FULL_MARKS if Fraction(self._last.fraction) >= 1 else ExitCode.BELOW

    def _obey(self, keys: str) -> bool:
        """Do what the keys say; False where they end it."""
        from grader.watching.keys import END_OF_INPUT
        from grader.watching.screen import KEYS

        for key in keys.lower():
            if key in ("q", END_OF_INPUT):
                return False
            match key:
                case "h":
                    _output.show(self._screen.hint())
                case "n":
                    _output.show(self._screen.following())
                case "l":
                    _output.show(self._screen.listing())
                case "\n" | "\r":
                    _output.show("\n")
                case _:
                    _output.show(f"{KEYS}\n")
        return True

    def _read_again(self) -> None:
        from grader.errors import SubmissionError
        from grader.submissions import collect

        try:
            submission = collect(self._answer)
        except SubmissionError as problem:
            self._read = self._held = None
            self._marker.drop()
            if problem.message != self._problem:
                self._problem = problem.message
                self._show_note(f"Waiting for the answer: {problem.message}")
            return
        is_back, self._problem = bool(self._problem), ""
        if self._read is None or submission.files != self._read.files or is_back:
            self._take(submission)

    def _take(self, submission: Submission) -> None:
        self._read, self._held, self._said = submission, None, ""
        if submission.files:
            self._marker.put(self._watched(submission))

    def _watched(self, submission: Submission) -> WatchedAnswer:
        from grader.classroom.task import ExerciseText
        from grader.watching.marking import WatchedAnswer

        exercise = ExerciseText(
            self._exercise.id, self._exercise.digest, self._exercise.text, self._exercise.variant
        )
        view = _output.view(0, None)
        return WatchedAnswer(exercise=exercise, question=self._question, submission=submission, view=view)

    def _advance(self, *, is_readable: bool) -> None:
        """Show a result once no newer answer is being saved: an old one may be of an answer that is gone."""
        from msgspec.structs import replace

        from grader.classroom.led_worker import WorkerLost

        try:
            self._held = self._marker.advance(is_readable=is_readable) or self._held
        except WorkerLost as lost:
            self._has_failed = True
            reason = str(lost).strip().splitlines()[-1]
            self._show_note(f"The grader itself failed to mark this, please report it: {reason}")
        if self._held is None or self._saves.is_restless:
            return
        submission, marking = self._held
        self._held = None
        if self._read is not None and submission.files == self._read.files:
            if self._last is None and not marking.is_held:
                self._show_note(NOT_HELD)
            self._last, self._has_failed = marking, False
            if is_untouched(submission):
                marking = replace(marking, notes=(*marking.notes, UNTOUCHED))
            _output.show(self._screen.of(marking))

    def _say_what_takes_long(self) -> None:
        if self._marker.running_s > LONG_S:
            self._say("Marking: your code is still running ...")
        elif self._saves.restless_s > RESTLESS_S:
            self._say("It is being saved all the time; it is marked once that ends.")

    def _say(self, message: str) -> None:
        if message != self._said:
            self._said = message
            self._show_note(message)

    def _show_note(self, message: str) -> None:
        _output.show(self._screen.note(_output.one_line(message)))
