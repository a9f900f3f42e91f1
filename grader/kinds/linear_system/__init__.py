"""Weights that make a linear network output given signals, decided for all inputs of all lengths."""
