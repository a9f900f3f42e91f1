# title: A list
# verdict: correct
# fraction: 1

a_ii = {"g1": [6, 6, 6, 6]}
