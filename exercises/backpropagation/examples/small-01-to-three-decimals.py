# title: To three decimals
# verdict: correct
# fraction: 1

small = dict(du=1.341, dw=-0.736, db=-0.823, dv=0.677)
