# title: Numbers of one's own
# verdict: incorrect
# codes: wrong-size

stacked_shapes = dict(U1=(4, 3), W1=(4, 4), b1=4, U2=(5, 4), W2=(5, 5), b2=5, V=(2, 5), c=2)
