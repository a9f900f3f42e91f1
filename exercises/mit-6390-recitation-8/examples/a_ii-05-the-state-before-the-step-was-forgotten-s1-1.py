# title: The state before the step was forgotten: s1 = (1, 1)
# verdict: incorrect
# fraction: 0
# diagnoses: start-state-forgotten

a_ii = {"g1": [2, 2, 2, 2]}
