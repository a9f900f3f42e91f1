# title: No recurrence at all
# verdict: partial
# fraction: 1/2
# diagnoses: no-recurrence

q1a = {"y": [0.27, 0.67, 0.98, 0.07]}
