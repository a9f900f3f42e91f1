# title: Everything is true
# verdict: partial
# fraction: 1/2
# codes: wrong

unrolled = dict(choice={
    "twice": True,
    "summed": True,
    "at-once": True,
    "other-length": True,
    "first-step": True,
    "inputs-gone": True,
})
