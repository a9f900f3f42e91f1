# title: Two conditions
# verdict: correct
# fraction: 1

steady = {"rest": "x*b*(1-a)^-1", "stable": "a > -1 and 1 - a > 0"}
