# title: Letters
# verdict: correct
# fraction: 1

fading = "CEABD"
