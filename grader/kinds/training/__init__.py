"""Weights of a trained network: the grader runs it on sequences that nobody has seen."""
