# title: By id
# verdict: correct
# fraction: 1

unrolled = dict(choice={
    "twice": False,
    "summed": True,
    "at-once": False,
    "other-length": True,
    "first-step": True,
    "inputs-gone": False,
})
