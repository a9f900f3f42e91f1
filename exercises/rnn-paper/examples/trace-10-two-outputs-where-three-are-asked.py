# title: Two outputs where three are asked
# verdict: invalid

trace = dict(y=[0.5, 0.25])
