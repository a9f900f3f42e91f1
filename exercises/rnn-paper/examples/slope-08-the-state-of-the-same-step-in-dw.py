# title: The state of the same step in dw
# verdict: partial
# fraction: 1/2

slope = dict(du=0.849, dw=0.099)
