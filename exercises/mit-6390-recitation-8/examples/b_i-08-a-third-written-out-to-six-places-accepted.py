# title: A third written out to six places: accepted with a remark
# verdict: correct
# fraction: 1
# codes: borderline-rounding

w = 0.333333
b_i = dict(s0=[0, 0], Wss=[[0, 0], [0, 1]], Wsx=[[1, 0, 0], [w, w, w]], Wo=[[1, 0], [0, 0], [0, 0], [0, 3]])
