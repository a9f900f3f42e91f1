# title: Past sum and newest total kept apart; a start state that cancels; no word of yes
# verdict: correct
# fraction: 1

c_ii = dict(
    s0=[5, -5],
    Wssx=[[1, 1, 0, 0, 0], [0, 0, 1, 1, 1]],
    Wox=[[0, 0, 1, 0, 0], [0, 0, 0, 1, 0], [0, 0, 0, 0, 1], [1, 1, 0, 0, 0]],
)
