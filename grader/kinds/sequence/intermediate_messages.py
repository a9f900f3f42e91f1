"""What is told of a student's working: where it goes wrong, what was not followed, what looks copied."""

from __future__ import annotations

from collections.abc import Sequence

from grader.kinds.sequence.intermediate import Step, Withheld
from grader.model.outcome import Feedback

WHY_WITHHELD: dict[Withheld, str] = {
    "bare": "what was fed back there is not right, and 0 or ±1 throughout",
    "impossible": "what was fed back there is no value that its activation takes",
}


def where_it_goes_wrong(
    wrong: Sequence[int], steps: Sequence[Step], is_solved: bool, is_coarse: bool = False
) -> list[Feedback]:
    """Where the working first goes wrong.

    Args:
        wrong: The steps whose h is not right, from 1 on.
        steps: What is known of every step.
        is_solved: Whether the outputs are right all the same.
        is_coarse: Whether nothing else is wrong with the working than too few decimals.
    """
    if not wrong:
        text = "Your working h is right at every step"
        text += "." if is_solved else ", so look at how y follows from h."
        return [Feedback("working-right", text)]
    if is_coarse:
        text = f"Your working h has fewer decimals than were asked, first in h({wrong[0]})."
        return [Feedback("working-step", text)]
    text = f"In your working h({wrong[0]}) is the first step that is not right."
    # What follows is no slip: it goes back to an output that was fed back.
    fed = [t for t, step in enumerate(steps[: wrong[0] - 1], start=1) if step.is_y_slip]
    if steps and fed and not steps[wrong[0] - 1].is_h_slip:
        text = f"In your working the slip is in y({fed[0]}); h({wrong[0]}) follows rightly from it."
    slips = [t for t, step in enumerate(steps, start=1) if step.is_h_slip]
    if slips == list(wrong[:1]) and wrong[0] < len(steps):
        text = f"In your working the slip is in h({wrong[0]}); all later h follow rightly from it."
    return [Feedback("working-step", text + ("" if is_solved else " Look there first."))]


def notices(steps: Sequence[Step]) -> list[Feedback]:
    """What was not taken to follow, and what looks copied."""
    messages = []
    for why, words in WHY_WITHHELD.items():
        withheld = [str(t) for t, step in enumerate(steps, start=1) if step.withheld == why]
        if withheld:
            text = f"Step {', '.join(withheld)} was held against the right values alone: {words}."
            messages.append(Feedback("not-followed", text))
    copied = [
        f"{name}({t})"
        for t, step in enumerate(steps, start=1)
        for name, is_copied in (("h", step.is_h_copied), ("y", step.is_y_copied))
        if is_copied
    ]
    if copied:
        text = f"{', '.join(copied)}: right, but does not follow from the wrong values handed in before it."
        messages.append(Feedback("does-not-follow", text, "staff"))
    return messages


def slip_names(steps: Sequence[Step]) -> list[str]:
    """The values that are neither the key's nor follow: "h(1)", "y(3)"."""
    return [
        f"{name}({t})"
        for t, step in enumerate(steps, start=1)
        for name, is_slip in (("h", step.is_h_slip), ("y", step.is_y_slip))
        if is_slip
    ]
