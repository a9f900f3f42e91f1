"""One option, several, true or false, matching, ordering: by letter, by id or by the option's text."""

from __future__ import annotations

from grader.kinds.choice.judge import judge
from grader.kinds.choice.question import ChoiceParams, asks, controls, shown, shown_with_controls, shuffled
from grader.model.kind import Kind, KindExample

GATES = {"keep": "the forget gate", "write": "the input gate", "read": "the output gate"}
ONE = {"options": GATES, "right": ["keep"], "why": {"read": "It acts on what leaves the cell."}}
SEVERAL = {"style": "several", "options": GATES, "right": ["keep", "write"], "credit": "each"}
STATEMENTS = {
    "style": "true-false",
    "options": {"lin": "A sum is linear.", "relu": "ReLU is linear."},
    "right": ["lin"],
    "credit": "each",
    "negative": True,
}
MATCHING = {
    "style": "matching",
    "items": {"old": "scales c(t-1)", "new": "scales the candidate"},
    "options": GATES,
    "pairs": {"old": "keep", "new": "write"},
    "credit": "each",
}
ORDERING = {"style": "ordering", "options": GATES, "right": ["write", "keep", "read"]}

KIND = Kind(
    params=ChoiceParams,
    asks=asks,
    controls=controls,
    judge=judge,
    shown=shown,
    shown_with_controls=shown_with_controls,
    shuffled=shuffled,
    examples=(
        KindExample("A letter", ONE, "q = dict(choice='A')", "correct"),
        KindExample("The text of the option", ONE, "q = dict(choice='The  forget gate.')", "correct"),
        KindExample("Another option", ONE, "q = dict(choice='c')", "incorrect", code="why"),
        KindExample("Two where one is wanted", ONE, "q = dict(choice='A, B')", "invalid", "not-one-choice"),
        KindExample("No such letter", ONE, "q = dict(choice='D')", "invalid", code="not-a-choice"),
        KindExample("Both right ones", SEVERAL, "q = dict(choice=['b', 'keep'])", "correct"),
        KindExample("Everything chosen", SEVERAL, "q = dict(choice='ABC')", "partial", code="wrong"),
        KindExample("Nothing chosen", SEVERAL, "q = dict(choice=[])", "incorrect", code="wrong"),
        KindExample("True or false in order", STATEMENTS, "q = dict(choice=[True, 'no'])", "correct"),
        KindExample("What is wrong takes off", STATEMENTS, "q = dict(choice=[True, True])", "incorrect"),
        KindExample("Matched by number", MATCHING, "q = dict(choice={'1': 'A', '2': 'B'})", "correct"),
        KindExample("One matched", MATCHING, "q = dict(choice=['A', 'C'])", "partial", code="wrong"),
        KindExample("In order", ORDERING, "q = dict(choice='B > A > C')", "correct"),
        KindExample("In another order", ORDERING, "q = dict(choice='ABC')", "incorrect", code="wrong"),
        KindExample("One left out", ORDERING, "q = dict(choice='AB')", "invalid", code="not-an-order"),
    ),
)
