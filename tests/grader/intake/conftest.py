from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="session")
def layouts() -> ModuleType:
    """The exports of layouts.py; tests are no packages, so it is loaded by path."""
    spec = importlib.util.spec_from_file_location("class_layouts", Path(__file__).with_name("layouts.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["class_layouts"] = module
    spec.loader.exec_module(module)
    return module
