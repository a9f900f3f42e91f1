# title: By the text of the structures
# verdict: correct
# fraction: 1

structures = dict(choice=[
    "One layer that reads forwards, and one output from its last state.",
    "a layer that reads forwards, one that reads backwards, and an output at each step from both states",
    "one layer that reads forwards, and an output at each step from the state so far",
    "one network whose last state starts a second one, which gives an output at each of its own steps",
])
