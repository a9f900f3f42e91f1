# title: Only the last step's use counts
# verdict: incorrect

slope = dict(du=1.180, dw=-0.783)
