# title: Collected otherwise, in other spellings
# verdict: correct
# fraction: 1

directions_count = "parameters = 2·n_h·(n_{in} + n_{h} + n_{out} + 1) + nout"
