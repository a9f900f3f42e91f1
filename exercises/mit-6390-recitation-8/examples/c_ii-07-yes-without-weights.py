# title: Yes, without weights
# verdict: partial
# fraction: 1/4
# codes: possible-right, construction-missing

c_ii = {"possible": True}
