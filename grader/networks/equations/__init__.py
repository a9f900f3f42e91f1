"""The language of networks: equations as text, as trees, and as a checked network."""
