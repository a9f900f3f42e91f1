"""nbgrader: its submitted folder is read."""
