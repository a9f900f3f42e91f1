# title: All states at once, and only for the length that was trained
# verdict: partial
# fraction: 2/3
# codes: wrong

unrolled = dict(choice={
    "twice": False,
    "summed": True,
    "at-once": True,
    "other-length": False,
    "first-step": True,
    "inputs-gone": False,
})
