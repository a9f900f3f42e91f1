"""A plain folder: one file or folder a student."""
