"""Prints and raises what moves a terminal's cursor and turns text around."""
print("\x1b[2J\x1b[1;1Hcorrect 10/10\r\x1b]0;title\x07\u202e\u2066\x9b31m\x08\x00")

def f(x):
    raise ValueError("\x1b[31m\u202egnp.exe\x00\x85\u2028")
