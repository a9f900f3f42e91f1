# title: A slip in h(1), everything after it follows
# verdict: partial
# fraction: 3/4
# codes: working-step

q1a = {"h": [[0.50, 0.99], [1.00, 1.00], [1.00, -0.20], [-0.54, 0.98]], "y": [0.50, 0.73, 0.94, 0.11]}
