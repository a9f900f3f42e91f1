"""Has names and keys that are markup and escapes."""
globals()["<script>alert(1)</script>"] = 1
globals()["\x1b[31mred"] = 2
globals()["=cmd|' /C calc'!A0"] = 3
value = {"<b>": "<img src=x onerror=alert(1)>", "\x1b[31m": "\u202e", "=1+1": "=1+1"}

def f(x):
    return value
