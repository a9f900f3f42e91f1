# title: c forgotten
# verdict: partial
# fraction: 1/2

trace = dict(y=[1.80, 0.30, 2.14])
