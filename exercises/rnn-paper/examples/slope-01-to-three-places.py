# title: To three places
# verdict: correct
# fraction: 1

slope = dict(du=0.849, dw=-1.046)
