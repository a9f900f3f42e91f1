"""Mistakes about how W is used."""

from __future__ import annotations

from grader.networks.misconception import Example, Misconception

MISCONCEPTIONS = (
    Misconception(
        "w-not-transposed",
        {"W": "as-written"},
        "W is used without its transpose: W h(t-1) where W^T h(t-1) is meant.",
        Example("elman", (0.31, 0.47, 0.98, 0.31, 0.98)),
        Example("elman", (0.31, 0.47, 0.98, 0.31, 0.95)),
        networks=("elman",),
    ),
    Misconception(
        "w-sign-flipped",
        {"W": "negated"},
        "What W carries from the previous step is subtracted; it is to be added.",
        Example("elman", (0.31, 0.32, 0.03, 0.31, 0.05)),
        Example("elman", (0.31, 0.32, 0.03, 0.31, 0.08)),
    ),
    Misconception(
        "no-recurrence",
        {"W": "absent"},
        "Nothing is carried from one step to the next: what is fed back through W is left out.",
        Example("elman", (0.31, 0.38, 0.61, 0.33, 0.88)),
        Example("elman", (0.31, 0.38, 0.61, 0.33, 0.85)),
    ),
    Misconception(
        "w-diagonal-only",
        {"W": "diagonal"},
        "Only the diagonal of W is used; every hidden neuron is to see the previous values of all.",
        Example("elman", (0.31, 0.4, 0.98, 0.31, 0.98)),
        Example("elman", (0.31, 0.4, 0.98, 0.31, 0.95)),
        networks=("elman",),
    ),
    Misconception(
        "elementwise-feedback",
        {"fed_back": "hidden", "W": "first-row"},
        "W is multiplied with h(t-1) entry by entry; in a Jordan network W^T y(t-1) is fed back.",
        Example("jordan", (0.31, 0.44, 0.97, 0.31, 0.98)),
        Example("jordan", (0.31, 0.44, 0.97, 0.31, 0.95)),
        networks=("jordan",),
    ),
    Misconception(
        "jordan-for-elman",
        {"fed_back": "output", "weights": "other"},
        "The output is fed back, as in a Jordan network; in an Elman network it is the hidden layer.",
        Example("elman", (0.31, 0.31, 0.29, 0.31, 0.52)),
        Example("elman", (0.31, 0.31, 0.29, 0.31, 0.49)),
        networks=("elman",),
        earns_credit=False,
    ),
    Misconception(
        "elman-for-jordan",
        {"fed_back": "hidden", "weights": "other"},
        "The hidden layer is fed back, as in an Elman network; in a Jordan network it is the output.",
        Example("jordan", (0.31, 0.6, 0.61, 0.32, 0.97)),
        Example("jordan", (0.31, 0.6, 0.61, 0.32, 0.94)),
        networks=("jordan",),
        earns_credit=False,
    ),
)
