# title: Numbers
# verdict: correct
# fraction: 1

packed = dict(W=1664, b=64, parameters=1728)
