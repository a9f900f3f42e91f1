# title: No formula
# verdict: invalid

cost = "many"
