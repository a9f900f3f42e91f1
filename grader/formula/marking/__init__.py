"""Formulas as answers: read, held against the right ones and explained, for every kind that asks for some."""
