"""`pytest --rnngrade EXERCISE answer.py`: one item a question. Does nothing unless it is asked.

What it marks with is imported only then, since pytest loads every installed plugin in every run.
"""

from __future__ import annotations

import os
import sys

import pytest

NAME = "rnngrade-questions"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options.

    Args:
        parser: Of pytest.
    """
    group = parser.getgroup("rnngrade", "marking answers to exercises on recurrent neural networks")
    group.addoption(
        "--rnngrade",
        metavar="EXERCISE",
        help="Mark the files as answers to EXERCISE, an id from `rnngrade list` or a .toml file: one item a "
        "question. No file is collected as a test.",
    )
    group.addoption(
        "--rnngrade-fail-under",
        metavar="SHARE",
        default="1",
        help="Share of a question's points with which it passes: 0.8, 4/5 or 80%%; all of them if left out.",
    )
    group.addoption(
        "--rnngrade-hints",
        metavar="N",
        type=int,
        default=0,
        help="Show so many hints of what is not solved.",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Load no conftest.py: beside an answer it is a student's, and pytest would run it in its own process.

    Args:
        early_config: Of pytest.
    """
    if early_config.known_args_namespace.rnngrade is not None:
        early_config.known_args_namespace.noconftest = True
        # Workers of pytest-xdist get their options from here.
        early_config.option.noconftest = True


def pytest_configure(config: pytest.Config) -> None:
    """Collect questions in place of tests, where that is asked for.

    Args:
        config: Of pytest.
    """
    if config.getoption("rnngrade") is None or config.getoption("help"):
        return
    from rnngrade import load_own

    # `python -m pytest` puts the folder of the answer on the path, and what lies there is a student's: a
    # numpy.py beside the answer would be imported here.
    sys.path[:] = [place for place in sys.path if place not in ("", os.getcwd())]
    load_own()
    from grader.api.pytest_items import Questions

    config.pluginmanager.register(Questions.asked_for(config), NAME)
