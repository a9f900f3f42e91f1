"""Formulas in LaTeX, as the tokens of the same formula in text; bounded, and nothing is expanded."""
