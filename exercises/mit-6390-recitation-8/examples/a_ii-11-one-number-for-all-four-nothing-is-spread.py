# title: One number for all four: nothing is spread over a vector
# verdict: invalid
# fraction: 0

a_ii = {"g1": 6}
