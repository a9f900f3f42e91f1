# title: Fractions
# verdict: correct
# fraction: 1

markov = dict(M0=1, M1="3/2", M2=1, Mk="5*(1/2)^k - 4*(1/4)^k")
