# title: The true minimum as the only reason
# verdict: correct
# fraction: 1
# codes: possible-right

b_ii = dict(possible=False, state_size=4)
