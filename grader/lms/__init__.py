"""Learning-management systems and autograders: reads a class, writes grades, feedback and results.

A platform is a folder: `lms/<platform>/read.py` reads what it exports, `write.py` writes what it takes.
"""

from grader.lms.announce import announcement, roster_lines, warning
from grader.lms.listing import ClassListing
from grader.lms.read_class import read_class
from grader.lms.roster import check_roster, read_roster

__all__ = [
    "ClassListing",
    "announcement",
    "check_roster",
    "read_class",
    "read_roster",
    "roster_lines",
    "warning",
]
