# title: As tuples, biases as columns
# verdict: correct
# fraction: 1

stacked_shapes = dict(
    U1=("n_1", "n_in"), W1=("n_1", "n_1"), b1=("n_1", 1),
    U2=("n_2", "n_1"), W2=("n_2", "n_2"), b2=("n_2", 1), V=("n_out", "n_2"), c=("n_out", 1),
)
