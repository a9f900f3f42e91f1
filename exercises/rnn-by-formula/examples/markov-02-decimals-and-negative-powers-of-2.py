# title: Decimals, and negative powers of 2
# verdict: correct
# fraction: 1

markov = {"M0": "1.0", "M1": 1.5, "M2": 1.0, "Mk": "5*2^(-k) - 2^(2-2k)"}
