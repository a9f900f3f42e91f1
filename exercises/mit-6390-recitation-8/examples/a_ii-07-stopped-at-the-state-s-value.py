# title: Stopped at the state's value
# verdict: incorrect
# fraction: 0
# diagnoses: output-not-summed

a_ii = {"g1": [3, 3, 3, 3]}
