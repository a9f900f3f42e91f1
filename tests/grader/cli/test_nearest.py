"""What is offered for a name that is not known."""

from __future__ import annotations

from grader.cli._options import nearest


def test_a_name_in_other_capitals_is_nearer_than_one_that_ends_alike():
    assert nearest("dan@x.edu", ["ada@x.edu", "Dan@X.edu"]) == " (did you mean 'Dan@X.edu'?)"
    assert nearest("ADA", ["bo", "ada"]) == " (did you mean 'ada'?)"
