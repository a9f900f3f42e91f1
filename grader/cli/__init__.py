"""The command line: one module a command, imported when it is used.

Nothing here or in a command module may import numpy, sympy, rich or msgspec at module level:
`rnngrade --help` is answered without them. A module is a command if its name has no leading
underscore; it exports `command`. What several commands need: `_options`, `_output`, `_replacing`
(what may be written over), `_class` and `_standings` (of the commands for a class).
"""

from grader.cli._main import main

__all__ = ["main"]
