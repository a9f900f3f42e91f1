"""Commands and groups of commands: their help ends in examples, and a shell completes their words.

What a shell offers after a tab is found without loading what marks.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import click


class Command(click.Command):
    """A command whose help ends in examples.

    Args:
        examples: Lines to type, complete; what stands after a # is for the reader.
    """

    def __init__(self, *given: Any, examples: tuple[str, ...] = (), **more: Any) -> None:
        super().__init__(*given, **more)
        self.examples = examples
        complete_words(self.params)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read `args`; errors get this command's `ctx`, so that they name its help."""
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            # Click leaves it out where an option lacks its value.
            error.ctx = error.ctx or ctx
            raise

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples of `ctx` with `formatter`, unwrapped: a broken line could not be copied."""
        if self.examples:
            with formatter.section("Examples"):
                formatter.write("".join(f"  {line}\n" for line in self.examples))
        super().format_epilog(ctx, formatter)


class Group(Command, click.Group):
    """A group of commands; its help ends in examples, and so does that of its commands."""

    command_class = Command


def complete_words(parameters: list[click.Parameter]) -> None:
    """Give parameters shell completion by their names; parameters with a type of their own keep it."""
    offers = {
        "exercise": _exercises,
        "exercises": _exercises,
        "question": _questions,
        "format_name": _formats,
        "preset": _presets,
    }
    for one in parameters:
        if one.name in offers and one.type is click.STRING:
            one.type = CompletedWord(offers[one.name])


class CompletedWord(click.types.StringParamType):
    """A text parameter for which a shell offers completions.

    Args:
        offer: From the context and the beginning of the word to the possible words.
    """

    def __init__(self, offer: Callable[[click.Context, str], list[Any]]) -> None:
        self.offer = offer

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[Any]:
        """Completions of `incomplete` for `param`, given the words before it in `ctx`."""
        from click.shell_completion import CompletionItem

        found = self.offer(ctx, incomplete)
        return [one if isinstance(one, CompletionItem) else CompletionItem(one) for one in found]


def _exercises(context: click.Context, incomplete: str) -> list[Any]:
    """Ids of installed exercises; files, where what is typed is the beginning of a path."""
    from click.shell_completion import CompletionItem

    found: list[Any] = [name for name in _installed() if name.startswith(incomplete)]
    return found or [CompletionItem(incomplete, type="file")]


def _questions(context: click.Context, incomplete: str) -> list[Any]:
    """Ids of the questions of the exercise that was typed before; none where it cannot be read."""
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


def _formats(context: click.Context, incomplete: str) -> list[Any]:
    from grader.reports import format_names

    return [name for name in format_names() if name.startswith(incomplete)]


def _presets(context: click.Context, incomplete: str) -> list[Any]:
    from grader.lms.class_layout import layout_names

    return [name for name in layout_names() if name.startswith(incomplete)]


def _installed() -> dict[str, str]:
    """Files of the installed exercises, by their ids."""
    import grader

    folder = os.path.join(grader.OWN_FOLDER, "exercises")
    files = {name: os.path.join(folder, name, "exercise.toml") for name in sorted(os.listdir(folder))}
    return {name: file for name, file in files.items() if os.path.isfile(file)}
