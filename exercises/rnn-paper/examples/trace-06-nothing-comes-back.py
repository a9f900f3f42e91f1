# title: Nothing comes back
# verdict: partial
# fraction: 1/2

trace = dict(y=[2.10, -0.20, 2.70])
