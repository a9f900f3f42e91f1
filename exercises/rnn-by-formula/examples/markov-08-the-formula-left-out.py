# title: The formula left out
# verdict: partial
# fraction: 3/4
# codes: missing-field

markov = dict(M0=1, M1=1.5, M2=1)
