"""Moodle: its submission exports are read, its grading worksheet is filled in."""
