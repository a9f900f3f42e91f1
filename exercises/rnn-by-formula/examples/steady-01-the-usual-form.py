# title: The usual form
# verdict: correct
# fraction: 1

steady = {"rest": "b*x/(1-a)", "stable": "|a| < 1"}
