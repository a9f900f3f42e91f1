# title: As text, biases as columns
# verdict: correct
# fraction: 1

shapes = dict(U="{n_h}x{n_in}", W="{n_h} by {n_h}", b="{n_h} x 1", V="{n_out} × {n_h}", c="{n_out} x 1")
