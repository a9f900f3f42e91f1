# title: Units in another order, each in a scale of its own
# verdict: correct
# fraction: 1

adder = dict(U=[[2, 2], ['1/3', '1/3'], [7, 7]], W=[[0, 0, 2], [0, 0, '1/3'], [0, 0, 7]], b=[-6, '-1/3', -14], V=[1, 1, -1], c=-1)
