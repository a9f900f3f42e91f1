# title: In the wrong order
# verdict: partial
# fraction: 1/2
# diagnoses: outputs-reversed

q1a = {"y": [0.11, 0.94, 0.73, 0.27]}
