# title: The square taken entry by entry
# verdict: partial
# fraction: 1/2
# diagnoses: entrywise-power

markov = dict(M0=1, M1=1.5, M2=1.25, Mk="(1/2)^k + 1")
