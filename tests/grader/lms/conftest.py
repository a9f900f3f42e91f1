from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

HERE = Path(__file__).parent


def loaded(name: str, path: Path) -> ModuleType:
    """Tests are no packages, so what they share is loaded by path."""
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def layouts() -> ModuleType:
    """The exports of layouts.py."""
    return loaded("class_layouts", HERE / "layouts.py")


@pytest.fixture(scope="session")
def schemas() -> ModuleType:
    """The checkers of schemas.py."""
    return loaded("platform_schemas", HERE / "schemas.py")


@pytest.fixture(scope="session")
def sample() -> ModuleType:
    """The hand-made reports of the reports' tests."""
    return loaded("platform_sample", HERE.parent / "reports" / "sample.py")
