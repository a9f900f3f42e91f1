"""Gradescope: its exports are read, its results and autograder are written."""
