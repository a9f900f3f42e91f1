"""A function that makes one step of Adam."""
