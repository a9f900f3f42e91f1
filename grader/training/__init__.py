"""Trained networks and the code that trains them: data, gradients, optimisers, scores. Pure functions."""
