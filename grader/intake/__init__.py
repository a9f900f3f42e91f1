"""Reading a class: what a learning-management system exported, as hand-ins.

`read_class` says who handed in what, `announcement` says it in words, and `collect` makes one hand-in
a `Submission`. A layout is one file in `presets/`.
"""

from grader.intake.announce import announcement, roster_lines, warning
from grader.intake.collect import collect
from grader.intake.listing import ClassListing, Unmatched
from grader.intake.presets import preset_names
from grader.intake.read_class import read_class
from grader.intake.roster import Person, RosterCheck, check_roster, read_roster

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
