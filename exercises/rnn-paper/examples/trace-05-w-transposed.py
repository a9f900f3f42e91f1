# title: W transposed
# verdict: partial
# fraction: 1/2

trace = dict(y=[2.10, 0.46, 2.42])
