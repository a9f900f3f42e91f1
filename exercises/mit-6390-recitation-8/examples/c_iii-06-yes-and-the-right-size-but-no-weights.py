# title: Yes and the right size, but no weights
# verdict: partial
# fraction: 1/4
# codes: possible-right, construction-missing

c_iii = {"possible": True, "state_size": 4}
