# title: Says perhaps
# verdict: invalid
# fraction: 0

b_ii = {"possible": "it depends"}
