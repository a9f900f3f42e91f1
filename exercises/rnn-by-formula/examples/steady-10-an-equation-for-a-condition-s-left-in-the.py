# title: An equation for a condition, s left in the formula
# verdict: invalid
# codes: unknown-name

steady = {"rest": "a*s + b*x", "stable": "a = 1"}
