# title: No, by inputs that have to be told apart
# verdict: correct
# fraction: 1

sequences = [[[0]] * k + [[1]] + [[0]] * ({lag} - k) for k in range({lag} + 1)]
echo = dict(possible="no", certificate=sequences)
