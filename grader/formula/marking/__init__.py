"""Formulas as answers: read, compared with the right ones and explained, for every kind that has them."""
