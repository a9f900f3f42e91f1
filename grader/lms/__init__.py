"""Reading a class: what a learning-management system exported, as hand-ins.

`read_class` says who handed in what, `announcement` says it in words, and `collect` makes one hand-in
a `Submission`. A layout is `lms/<platform>/read.py`.
"""

from grader.lms.announce import announcement, roster_lines, warning
from grader.lms.listing import ClassListing, Unmatched
from grader.lms.presets import preset_names
from grader.lms.read_class import read_class
from grader.lms.roster import Person, RosterCheck, check_roster, read_roster
from grader.submissions.class_collect import collect

__all__ = [
    "ClassListing",
    "Person",
    "RosterCheck",
    "Unmatched",
    "announcement",
    "check_roster",
    "collect",
    "preset_names",
    "read_class",
    "read_roster",
    "roster_lines",
    "warning",
]
