"""Exercises as students have them, kept while there is room: drawing one takes longer than showing it."""

from __future__ import annotations

import threading
from collections import OrderedDict

from grader.classroom.task import ExerciseText, read_exercise
from grader.model.exercise import Exercise

MOST_BYTES = 64 * 2**20
SIZE = 5
"""Bytes in memory for each of a file: measured for `rnn-paper`, and for others less."""


class DrawnExercises:
    """The variants that were asked for last.

    Args:
        most_bytes: For all of them together, about; the one that is asked for is always given.
    """

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self.most_bytes = most_bytes
        self._kept: OrderedDict[tuple[str, str, str], Exercise] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def of(self, file: ExerciseText) -> Exercise:
        """The exercise in the variant that a text of it names.

        Args:
            file: The exercise's file and the variant.

        Raises:
            GraderError: If it cannot be read.
        """
        key = (file.id, file.digest, file.variant)
        with self._lock:
            if (found := self._kept.get(key)) is not None:
                self._kept.move_to_end(key)
                return found
        # Without the lock: others are shown theirs meanwhile.
        made = read_exercise(file)
        with self._lock:
            if key not in self._kept:
                self._kept[key] = made
                self._bytes += SIZE * len(made.text)
            while self._bytes > self.most_bytes and len(self._kept) > 1:
                _, gone = self._kept.popitem(last=False)
                self._bytes -= SIZE * len(gone.text)
        return made
