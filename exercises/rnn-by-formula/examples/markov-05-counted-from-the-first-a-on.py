# title: Counted from the first A on
# verdict: incorrect
# diagnoses: index-shift

markov = dict(M0="3/2", M1=1, M2="9/16", Mk="5*(1/2)^(k+1) - 4*(1/4)^(k+1)")
