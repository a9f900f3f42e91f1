# title: Four decimals kept on the way
# verdict: correct
# fraction: 1

small = dict(du=1.341, dw=-0.736, db=-0.822, dv=0.677)
