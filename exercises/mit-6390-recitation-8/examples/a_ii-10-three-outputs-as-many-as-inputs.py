# title: Three outputs, as many as inputs
# verdict: invalid
# fraction: 0

a_ii = {"g1": [6, 6, 6]}
