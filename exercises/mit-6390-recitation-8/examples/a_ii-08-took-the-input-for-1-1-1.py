# title: Took the input for (1, 1, 1)
# verdict: incorrect
# fraction: 0
# diagnoses: input-of-ones

a_ii = {"g1": [10, 10, 10, 10]}
