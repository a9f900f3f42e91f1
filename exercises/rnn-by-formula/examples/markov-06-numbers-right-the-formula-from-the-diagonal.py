# title: Numbers right, the formula from the diagonal alone
# verdict: partial
# fraction: 3/4
# diagnoses: diagonal-only

markov = dict(M0=1, M1=1.5, M2=1, Mk="(1/2)^k")
