"""Weights with free symbols: decided for all their values at once, over the field of rational functions."""
