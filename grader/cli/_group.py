"""The group of commands: listed by file name, imported on use."""

from __future__ import annotations

import difflib
import importlib
import pkgutil
from pathlib import Path

import click


def nearest(word: str, known: list[str] | tuple[str, ...]) -> str:
    """The words that offer the nearest match: " (did you mean 'x'?)", or nothing.

    Args:
        word: What was typed.
        known: What could have been meant.
    """
    near = difflib.get_close_matches(word, known, n=1, cutoff=0.5)
    return f" (did you mean {near[0]!r}?)" if near else ""


class CommandFolder(click.Group):
    """A click group whose commands are the modules beside this one."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of all commands; nothing is imported.

        Args:
            ctx: Given by click.
        """
        modules = pkgutil.iter_modules([str(Path(__file__).parent)])
        return sorted(m.name.replace("_", "-") for m in modules if not m.name.startswith("_"))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """A command by its name, or None.

        Args:
            ctx: Given by click.
            cmd_name: As typed.
        """
        if cmd_name not in self.list_commands(ctx):
            return None
        module = importlib.import_module(f"grader.cli.{cmd_name.replace('-', '_')}")
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that was typed, or an error that offers the nearest.

        Args:
            ctx: Given by click.
            args: What stands after the options of the group.
        """
        names = self.list_commands(ctx)
        if args and args[0] not in names and not args[0].startswith("-"):
            ctx.fail(f"no command is called {args[0]!r}{nearest(args[0], names)}")
        return super().resolve_command(ctx, args)
