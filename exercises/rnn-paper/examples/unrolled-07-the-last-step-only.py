# title: The last step only
# verdict: partial
# fraction: 2/3
# codes: wrong

unrolled = dict(choice={
    "twice": False,
    "summed": False,
    "at-once": False,
    "other-length": True,
    "first-step": False,
    "inputs-gone": False,
})
