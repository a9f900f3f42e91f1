# title: tanh at the output too
# verdict: partial
# fraction: 1/2
# diagnoses: tanh-output

q1b = {"y": [-0.76, -0.89, 0.98, -0.93]}
