# title: A matrix for a number
# verdict: invalid

markov = dict(M0=[[1, 0], [0, 1]])
