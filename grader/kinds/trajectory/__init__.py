"""A training function: its losses from given data and weights, epoch by epoch."""
