"""A student's network function against the reference, from the smallest inputs to the largest."""
