"""Formulas as students type them: read by a bounded parser of our own, compared exactly where possible.

Nothing here evaluates text: no `eval`, no `sympify`. Reading, comparing and sampling use the standard
library alone.
"""
