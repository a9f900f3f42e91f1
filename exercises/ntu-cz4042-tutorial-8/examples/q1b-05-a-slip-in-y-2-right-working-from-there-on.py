# title: A slip in y(2), right working from there on
# verdict: partial
# fraction: 3/4

q1b = {"h": [[0, 0.99], [0.76, 1.00], [1.00, -0.59], [-0.35, 0.98]], "y": [0.27, 0.63, 0.97, 0.16]}
