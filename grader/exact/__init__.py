"""Exact arithmetic: polynomials, quotients, powers and intervals, with no float in between."""
