# title: A slip in i(2), and everything after it follows: c(2) alone is lost
# verdict: partial
# fraction: 7/8
# codes: working-step

lstm_hand = dict(
    i=[0.82, 0.46, 0.36, 0.53], f=[0.39, 0.81, 0.67, 0.71], o=[0.76, 0.78, 0.27, 0.91], g=[0.72, 0.92, -0.8, 0.99],
    c=[0.59, 0.9, 0.32, 0.75], h=[0.4, 0.56, 0.08, 0.58],
)
