# title: All turned round
# verdict: incorrect
# fraction: 0
# codes: wrong

unrolled = dict(choice={
    "twice": True,
    "summed": False,
    "at-once": True,
    "other-length": False,
    "first-step": False,
    "inputs-gone": True,
})
