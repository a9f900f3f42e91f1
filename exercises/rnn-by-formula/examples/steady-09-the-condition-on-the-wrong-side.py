# title: The condition on the wrong side
# verdict: partial
# fraction: 1/2
# codes: counterexample

steady = {"rest": "b*x/(1-a)", "stable": "|a| > 1"}
