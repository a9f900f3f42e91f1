# title: Three decimals kept on the way
# verdict: correct
# fraction: 1

small = dict(du=1.342, dw=-0.737, db=-0.823, dv=0.677)
