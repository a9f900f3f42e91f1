# title: The input was forgotten: s1 = (2, 2)
# verdict: incorrect
# fraction: 0
# diagnoses: input-forgotten, old-state-not-summed

a_ii = {"g1": [4, 4, 4, 4]}
