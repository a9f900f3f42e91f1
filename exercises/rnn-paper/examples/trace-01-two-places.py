# title: Two places
# verdict: correct
# fraction: 1

trace = [2.10, 0.60, 2.44]
