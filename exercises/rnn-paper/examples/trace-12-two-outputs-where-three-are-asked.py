# title: Two outputs where three are asked
# verdict: invalid

trace = dict(y=[2.10, 0.60])
