"""A function that computes gradients by backpropagation through time."""
