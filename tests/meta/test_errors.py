"""Errors cross process pools: every one survives a pickle round trip."""

from __future__ import annotations

import importlib
import pickle
import pkgutil

import pytest

import grader
from grader.errors import GraderError


def all_errors() -> list[type[GraderError]]:
    for module in pkgutil.walk_packages(grader.__path__, "grader."):
        if not module.name.startswith(("grader.sandbox.", "grader.__main__")):
            importlib.import_module(module.name)
    found, waiting = [], [GraderError]
    while waiting:
        error = waiting.pop()
        found.append(error)
        waiting += error.__subclasses__()
    return found


@pytest.mark.parametrize("error", all_errors(), ids=lambda error: error.__name__)
def test_error_survives_pickling_whole(error: type[GraderError]):
    for written in (error("message"), error("message", "hint", "where")):
        read = pickle.loads(pickle.dumps(written))
        assert type(read) is error
        assert vars(read) == vars(written)
        assert str(read) == str(written)


def test_message_names_place_and_advice():
    assert str(GraderError("is wrong", "try this", "file: key")) == "file: key: is wrong (try this)"
    assert str(GraderError("is wrong")) == "is wrong"
