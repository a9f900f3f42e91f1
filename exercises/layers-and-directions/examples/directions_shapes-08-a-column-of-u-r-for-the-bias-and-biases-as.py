# title: A column of U_r for the bias, and biases as rows
# verdict: partial
# fraction: 2/5
# diagnoses: bias-column, row-for-column

directions_shapes = dict(U_r=(5, 4), W_l=(5, 5), b_l=(1, 5), V=(2, 10), c=(1, 2))
