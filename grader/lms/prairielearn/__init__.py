"""PrairieLearn: its results are written."""
