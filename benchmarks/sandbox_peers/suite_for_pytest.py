"""The same checks for pytest."""

import pytest

import answer
import checks


@pytest.mark.skipif("weights" not in checks.INSTANCES, reason="not asked for")
def test_weights():
    checks.check_weights(answer)


@pytest.mark.parametrize("index", range(checks.COUNT))
@pytest.mark.parametrize("name", checks.FUNCTIONS)
def test_function(name, index):
    checks.check_function(answer, name, index)
