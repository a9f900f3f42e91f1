"""What PyTorch needs of the sandbox, and PyTorch itself where it is installed."""

import importlib.util
import os

import pytest

from grader.model.exercise import Limits
from grader.model.run import Read
from grader.model.value import Number, Text
from grader.sandbox.inside.isolation import own_folder

NEEDS = """
import os, tempfile

value = 0
with open("/dev/urandom", "rb") as source:
    value = len(source.read(8))
folder = tempfile.gettempdir()
os.makedirs(os.environ["TORCHINDUCTOR_CACHE_DIR"], exist_ok=True)
"""

TRAINS = """
import torch

w = torch.tensor(1.0, dtype=torch.float64, requires_grad=True)
optimizer = torch.optim.Adam([w], lr=0.5)
(w * w).backward()
optimizer.step()
value = w.item()
"""


def test_what_pytorch_looks_for_at_its_start_is_there(run, sandbox):
    if sandbox.protection().level == "sealed":
        pytest.skip("NOT TESTED: no file can be opened at level sealed")
    result = run(NEEDS, Read("value"), Read("folder"))
    assert result.faults == ()
    folder = own_folder.FOLDER if sandbox.protection().level == "full" else "/"
    assert result.names == {"value": Number("8", "int"), "folder": Text(folder)}


def test_no_other_device_is_there(run, sandbox):
    if sandbox.protection().level != "full":
        pytest.skip("NOT TESTED: only level full has a tree of its own")
    here = os.listdir("/dev")
    code = f"import os\nvalue = ' '.join(name for name in {here} if os.path.lexists('/dev/' + name))"
    assert "null" in here
    assert run(code, Read("value")).names == {
        "value": Text(" ".join(name for name in here if name in ("null", "urandom")))
    }


@pytest.mark.skipif(
    importlib.util.find_spec("torch") is None,
    reason="PyTorch is not installed: it was not run in the sandbox",
)
def test_pytorch_trains_within_the_limits_of_the_training_exercise(run, sandbox):
    if sandbox.protection().level == "sealed":
        pytest.skip("NOT TESTED: PyTorch opens files when it is imported")
    result = run(TRAINS, Read("value"), limits=Limits(memory_mib=768))
    assert result.faults == ()
    # The first step of Adam is lr long, whatever the gradient.
    assert float(result.names["value"].text) == pytest.approx(0.5, abs=1e-6)
