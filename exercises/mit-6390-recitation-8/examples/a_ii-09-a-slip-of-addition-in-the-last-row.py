# title: A slip of addition in the last row
# verdict: partial
# fraction: 3/4

a_ii = {"g1": [6, 6, 6, 5]}
