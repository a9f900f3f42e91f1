# title: The slopes of tanh left out
# verdict: incorrect

slope = dict(du=0.470, dw=-1.467)
