"""Shapes of matrices and vectors, entry by entry."""
