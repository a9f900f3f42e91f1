"""Backpropagation through time as equations of its own."""
