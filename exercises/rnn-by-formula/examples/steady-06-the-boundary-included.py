# title: The boundary included
# verdict: partial
# fraction: 1/2
# codes: boundary

steady = {"rest": "b*x/(1-a)", "stable": "abs(a) <= 1"}
