# title: No activation at the output
# verdict: partial
# fraction: 1/2
# diagnoses: linear-output

q1a = {"y": [-0.99, 0.99, 2.81, -2.06]}
