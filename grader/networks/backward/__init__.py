"""Backpropagation through time as equations like those of a network."""
