"""Writes a first exercise file about a network, which its author then changes."""
