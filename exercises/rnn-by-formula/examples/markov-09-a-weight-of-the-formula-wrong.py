# title: A weight of the formula wrong
# verdict: partial
# fraction: 3/4
# codes: counterexample

markov = dict(M0=1, M1=1.5, M2=1, Mk="5*(1/2)^k + 4*(1/4)^k")
