# title: Stacked side by side
# verdict: partial
# fraction: 1/2

c_i = {"Wssx": "2x5", "Wox": "4x5", "z1": "3x2", "z2": "3x2"}
