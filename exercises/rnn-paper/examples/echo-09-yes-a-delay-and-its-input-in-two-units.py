# title: Yes: a delay and its input in two units
# verdict: incorrect

echo = dict(possible=True, W=[[0, 0], [1, 0]], U=[[1], [0]], V=[[1, "1/2"]])
