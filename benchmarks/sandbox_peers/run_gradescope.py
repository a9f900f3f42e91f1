"""The same checks for gradescope-utils: one unittest for the matrices, one for each instance."""

import io
import unittest

from gradescope_utils.autograder_utils.decorators import number, weight
from gradescope_utils.autograder_utils.json_test_runner import JSONTestRunner

import answer
import checks


class TestAnswer(unittest.TestCase):
    if "weights" in checks.INSTANCES:

        @weight(1)
        @number("0")
        def test_weights(self):
            checks.check_weights(answer)


def add(name, index):
    @weight(1)
    @number(f"{name}.{index}")
    def test(self):
        checks.check_function(answer, name, index)

    setattr(TestAnswer, f"test_{name}_{index}", test)


for name in checks.FUNCTIONS:
    for index in range(checks.COUNT):
        add(name, index)

if __name__ == "__main__":
    suite = unittest.defaultTestLoader.loadTestsFromTestCase(TestAnswer)
    stream = io.StringIO()
    JSONTestRunner(visibility="visible", stream=stream).run(suite)
    assert '"status": "failed"' not in stream.getvalue()
