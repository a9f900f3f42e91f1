# title: No, and no word why
# verdict: partial
# fraction: 1/2
# codes: possible-right, reason-missing

b_ii = {"possible": False}
