"""A class that is none, with names that change."""
class Meta(type):
    def mro(cls): return [cls, object]
    def __getattribute__(cls, name): raise SystemExit(0)
    def __instancecheck__(cls, other): return True
class Odd(metaclass=Meta):
    pass
value = Odd

def f(x):
    return Odd
