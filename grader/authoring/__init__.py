"""A first exercise file about a network, for its author to go on from."""
