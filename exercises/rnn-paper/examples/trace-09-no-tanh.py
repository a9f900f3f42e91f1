# title: No tanh
# verdict: partial
# fraction: 1/2

trace = dict(y=[2.49, 0.77, 3.32])
