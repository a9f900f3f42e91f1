# title: Yes, and no weights
# verdict: incorrect
# fraction: 0
# codes: possible-wrong

b_ii = {"possible": True}
