# title: In full
# verdict: correct
# fraction: 1

small_lstm = {"dui": 0.09095346663166397, "duf": -0.05913149104066741, "duo": 0.017306602089532698, "dug": -0.08935325386050881}
