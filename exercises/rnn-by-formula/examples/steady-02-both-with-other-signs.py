# title: Both with other signs
# verdict: correct
# fraction: 1

steady = {"rest": "s* = -(b*x)/(a-1)", "stable": "-1 < a < 1"}
