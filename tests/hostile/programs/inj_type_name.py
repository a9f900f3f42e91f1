"""Has classes with names that are markup, and no names at all."""
value = type("<script>\x1b[31m" * 100, (), {"__slots__": ()})()

def f(x):
    raise type("\x1b[31m\ud800", (Exception,), {})("<script>")
