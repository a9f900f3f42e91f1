# title: Multiplied out
# verdict: correct
# fraction: 1

directions_count = {"parameters": "2*n_h^2 + 2*n_h*n_in + 2*n_h + 2*n_h*n_out + n_out"}
