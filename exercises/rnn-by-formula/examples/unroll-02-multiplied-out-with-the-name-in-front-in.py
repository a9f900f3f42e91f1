# title: Multiplied out, with the name in front, in other spellings
# verdict: correct
# fraction: 1

unroll = "g_3 = u·v·x_3 + u·v·w·x_2 + u·v·w²·x[1] + v·w³·s₀"
