"""A function that makes clean targets from inputs, held against the formulas step by step."""
