"""What a shell offers after a tab: ids, questions, formats and presets, without loading what marks."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import click


class CompletedWord(click.types.StringParamType):
    """Any text, of which a shell can offer some.

    Args:
        offer: Gives what begins like the text.
    """

    def __init__(self, offer: Callable[[click.Context, click.Parameter, str], list[Any]]) -> None:
        self.offer = offer

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[Any]:
        """What a shell offers.

        Args:
            ctx: Given by click.
            param: Given by click.
            incomplete: What is typed so far.
        """
        from click.shell_completion import CompletionItem

        found = self.offer(ctx, param, incomplete)
        return [one if isinstance(one, CompletionItem) else CompletionItem(one) for one in found]


def complete_words(parameters: list[click.Parameter]) -> None:
    """Have a shell offer what parameters can be, by their names; those with a type of their own are left.

    Args:
        parameters: Of a command.
    """
    offers = {
        "exercise": exercises,
        "exercises": exercises,
        "question": questions,
        "format_name": formats,
        "preset": presets,
    }
    for one in parameters:
        if one.name in offers and one.type is click.STRING:
            one.type = CompletedWord(offers[one.name])


def exercises(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[Any]:
    """Ids of installed exercises; files, where what is typed is the beginning of a path.

    Args:
        context: Given by click.
        parameter: Given by click.
        incomplete: What is typed so far.
    """
    from click.shell_completion import CompletionItem

    found: list[Any] = [name for name in _installed() if name.startswith(incomplete)]
    return found or [CompletionItem(incomplete, type="file")]


def questions(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[Any]:
    """Ids of the questions of the exercise that was typed before; none where it cannot be read.

    Args:
        context: Holds the exercise.
        parameter: Given by click.
        incomplete: What is typed so far.
    """
    import tomllib

    typed = context.params.get("exercise")
    if not typed:
        return []
    path = str(typed) if str(typed).endswith(".toml") else _installed().get(str(typed))
    try:
        with open(path or "", "rb") as file:
            table = tomllib.load(file)
        ids = [str(one["id"]) for one in table["question"]]
    except (OSError, ValueError, KeyError, TypeError):
        return []
    return [one for one in ids if one.startswith(incomplete)]


def formats(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[Any]:
    """Names of report formats.

    Args:
        context: Given by click.
        parameter: Given by click.
        incomplete: What is typed so far.
    """
    from grader.reports import format_names

    return [name for name in format_names() if name.startswith(incomplete)]


def presets(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[Any]:
    """Names of the ways in which a class folder may be laid out.

    Args:
        context: Given by click.
        parameter: Given by click.
        incomplete: What is typed so far.
    """
    from grader.lms.layout import layout_names

    return [name for name in layout_names() if name.startswith(incomplete)]


def _installed() -> dict[str, str]:
    import grader

    folder = os.path.join(grader.OWN_FOLDER, "exercises")
    files = {name: os.path.join(folder, name, "exercise.toml") for name in sorted(os.listdir(folder))}
    return {name: file for name, file in files.items() if os.path.isfile(file)}
