# title: Strings, in a 1 x 4 row, hidden values by hand
# verdict: correct
# fraction: 1

q1a = dict(
    y=[["0.27", "0.73", "0.94", "0.11"]],
    h=[[0.0, 0.99], [0.99, 1.0], [1.0, -0.21], [-0.54, 0.98]],
)
