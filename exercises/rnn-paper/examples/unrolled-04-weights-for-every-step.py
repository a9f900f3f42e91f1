# title: Weights for every step
# verdict: partial
# fraction: 5/6
# codes: wrong, why

unrolled = dict(choice={
    "twice": True,
    "summed": True,
    "at-once": False,
    "other-length": True,
    "first-step": True,
    "inputs-gone": False,
})
