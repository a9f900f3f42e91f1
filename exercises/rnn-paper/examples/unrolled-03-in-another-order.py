# title: In another order
# verdict: correct
# fraction: 1

unrolled = dict(choice={"inputs-gone": "false", "first-step": "true", "other-length": "true", "at-once": "false", "summed": "true", "twice": "false"})
