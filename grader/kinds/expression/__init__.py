"""Formulas and conditions in declared symbols, however they are written."""
