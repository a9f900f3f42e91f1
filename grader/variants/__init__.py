"""Exercises that are different for each student: which one a student has, and how it is made."""
