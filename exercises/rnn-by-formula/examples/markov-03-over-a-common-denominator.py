# title: Over a common denominator
# verdict: correct
# fraction: 1

markov = {"M0": "5 - 4", "M1": "5/2 - 1", "M2": "5/4 - 4/16", "Mk": "M_k = (5*2^k - 4)/4^k"}
