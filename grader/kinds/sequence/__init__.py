"""Output sequences of an Elman or Jordan network, worked out by hand to so many decimal places."""
