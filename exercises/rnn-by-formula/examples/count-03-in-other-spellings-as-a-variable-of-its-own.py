# title: In other spellings, as a variable of its own
# verdict: correct
# fraction: 1

parameters = "(n_{in} + n_{h} + 1 + n_{out})·n_h + nout"
