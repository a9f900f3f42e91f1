"""Says that it is another file."""
code = compile("1/0", "/etc/shadow\x1b[31m", "exec")

def f(x):
    exec(code)
