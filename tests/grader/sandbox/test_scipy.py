"""scipy in the sandbox where it is installed, and the note where it is not."""

import importlib.util

import pytest

from grader.model.exercise import Limits
from grader.model.run import Call, Read
from grader.model.value import Number
from grader.sandbox.inside import python_file

USES = """
from scipy.special import expit as sigmoid
from scipy.linalg import expm

def f(x):
    return float(sigmoid(x))

value = float(expm([[0.0]])[0][0])
"""
IS_HERE = importlib.util.find_spec("scipy") is not None
ASKED = Call(question="q", function=(("f",),), args=(Number("0", "int"),))


@pytest.mark.skipif(
    not IS_HERE, reason="NOT TESTED: scipy is not installed, so it was not run in the sandbox"
)
def test_scipy_is_imported_within_the_limits_of_an_exercise(run, sandbox):
    if sandbox.protection().level == "sealed":
        pytest.skip("NOT TESTED: at level sealed nothing more can be imported")
    result = run(USES, Read("value"), ASKED, limits=Limits())
    assert (result.faults, result.notes) == ((), ())
    assert result.names == {"value": Number("1.0", "float")}
    assert result.calls[0].results == (Number("0.5", "float"),)
    assert result.usage.cpu_s < Limits().load_cpu_s


@pytest.mark.parametrize(("module", "is_given"), [("scipy", True), ("scipy.special", True), ("keras", False)])
def test_where_scipy_is_not_installed_the_sigmoid_is_given(monkeypatch, module, is_given):
    monkeypatch.setattr(python_file, "is_there", lambda name: False)
    note = python_file.reason(ModuleNotFoundError(f"No module named {module!r}", name=module))
    assert f"no {module.partition('.')[0]} here" in note
    assert "numpy, sympy and files" in note
    assert ("1 / (1 + np.exp(-u))" in note) == is_given


def test_what_is_installed_is_given_as_what_may_be_imported(monkeypatch):
    monkeypatch.setattr(python_file, "is_there", lambda name: name == "scipy")
    assert "numpy, sympy, scipy and files" in python_file.reason(ModuleNotFoundError("", name="keras"))
