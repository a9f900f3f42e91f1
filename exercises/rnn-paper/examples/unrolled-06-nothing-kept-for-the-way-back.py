# title: Nothing kept for the way back
# verdict: partial
# fraction: 5/6
# codes: wrong

unrolled = dict(choice={
    "twice": False,
    "summed": True,
    "at-once": False,
    "other-length": True,
    "first-step": True,
    "inputs-gone": True,
})
