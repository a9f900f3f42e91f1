# title: No, by inputs that have to be told apart
# verdict: correct
# fraction: 1

one = [[[0]] * (k) + [[1]] + [[0]] * (2 - k) for k in range(2 + 1)]
echo = dict(possible="no", certificate=one)
