"""Step 1: exercise files."""

from grader.specs.catalog import find_exercise, installed_exercises, list_exercises
from grader.specs.load import load_exercise
from grader.specs.question import Kinds

__all__ = ["Kinds", "find_exercise", "installed_exercises", "list_exercises", "load_exercise"]
