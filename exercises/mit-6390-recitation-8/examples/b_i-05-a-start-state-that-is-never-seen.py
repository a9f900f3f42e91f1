# title: A start state that is never seen
# verdict: correct
# fraction: 1

# s0[1] is overwritten before the first output, so it can be anything
b_i = dict(s0=(7, 0), Wss=((0, 0), (0, 1)), Wsx=((1, 0, 0), (1, 1, 1)), Wo=((1, 0), (0, 0), (0, 0), (0, 1)))
