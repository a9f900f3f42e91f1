"""Step 1: exercise files."""

from grader.specs.catalog import Listing, find_exercise, list_exercises
from grader.specs.kinds import Kinds
from grader.specs.load import load_exercise

__all__ = ["Kinds", "Listing", "find_exercise", "list_exercises", "load_exercise"]
