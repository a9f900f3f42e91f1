# title: w left out of the way back
# verdict: incorrect

slope = dict(du=0.480, dw=-1.222)
