"""A loss curve: weak evidence, so a small share of the marks, and mostly remarks."""
