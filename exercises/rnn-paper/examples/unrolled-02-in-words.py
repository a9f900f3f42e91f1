# title: In words
# verdict: correct
# fraction: 1

unrolled = dict(choice={"twice": "no", "summed": "yes", "at-once": "no", "other-length": "yes", "first-step": "yes", "inputs-gone": "no"})
