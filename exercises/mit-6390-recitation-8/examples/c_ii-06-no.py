# title: No
# verdict: incorrect
# fraction: 0
# codes: possible-wrong

c_ii = {"possible": False}
