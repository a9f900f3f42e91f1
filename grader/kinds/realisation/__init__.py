"""A function that turns any RNN-B into an RNN-A that does the same."""
