# title: Zeros
# verdict: incorrect
# fraction: 0

trace = dict(y=[0, 0, 0])
