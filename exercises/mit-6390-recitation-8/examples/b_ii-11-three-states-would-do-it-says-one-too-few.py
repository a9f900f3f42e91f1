# title: Three states would do, it says: one too few
# verdict: partial
# fraction: 1/2
# codes: possible-right, state-size-wrong

b_ii = {"possible": False, "state_size": 3}
