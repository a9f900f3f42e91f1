# title: A sign lost in the second state, the rest follows
# verdict: partial

trace = dict(h=[[0.72, -0.60], [0.48, -0.36], [0.98, -0.75]], y=[2.10, 1.45, 2.67])
