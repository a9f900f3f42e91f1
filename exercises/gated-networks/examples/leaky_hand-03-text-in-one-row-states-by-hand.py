# title: Text, in one row, states by hand
# verdict: correct
# fraction: 1
# codes: working-right

leaky_hand = dict(y=[["1.14", "0.58", "-1.49", "0.77"]], h=[[.29, -.21], [.32, -.11], [-.16, .26], [.13, -.08]])
